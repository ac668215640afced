"""With whom an idea was carried out, as far as its words say: kinds of partners, never names."""

import re
from typing import Final

_SUBJECT: Final = (
    "science|biology|chemistry|physics|math|mathematics|algebra|geometry|ela|english|reading|"
    "social studies|history|civics|geography|art|music|band|choir|theater|drama|pe|health|"
    "world language|spanish|french|german|esl|ell|el|stem|steam|technology|computer science|"
    "robotics|special education|special ed|sped|resource|gifted|intervention|kindergarten|pre-k|"
    "[a-z]+[- ]grade|\\d+(?:st|nd|rd|th)[- ]grade|grade[- ]\\d+|classroom|homeroom|elective|cte"
)

_KINDS: Final = {
    "Teachers": rf"(?:{_SUBJECT}) (?:team|department|dept\.?|faculty)|(?:co-?)?teachers?"
    r"|co-?(?:taught|teaching|planned|planning)",
    "Counselors and specialists": r"counsell?ors?|social workers?|speech therapists?|nurses?"
    r"|psychologists?|interventionists?|specialists?",
    "Coaches and technology staff": r"(?:instructional|literacy|math|technology|tech|reading)"
    r" coach(?:es)?|tech(?:nology)? (?:director|integrator|department|team)"
    r"|it (?:team|department|director)",
    "School and district leaders": r"(?:assistant )?principals?|superintendents?|administrators?"
    r"|admin team|school board|board members?|department heads?",
    "The public library": r"public librar(?:y|ies|ians?)",
    "Families": r"famil(?:y|ies)|parents?|caregivers?|guardians?|grandparents?|pta|pto",
    "Colleges and universities": r"universit(?:y|ies)|colleges?|professors?",
    "Community organizations": r"museums?|historical society|food bank|rotary|nonprofits?"
    r"|community (?:partners?|center|centre|garden|organi[sz]ations?)|foundations?"
    r"|boys (?:and|&) girls club|local (?:authors?|business(?:es)?|farms?|artists?|newspapers?"
    r"|radio)",
}
"""What a page calls a kind of partner, and the words for it, in lower case."""

_WITH: Final = re.compile(
    r"\b(?:with|together|partner(?:s|ed|ing|ship)?|join(?:s|ed|t|tly)?|co-?(?:taught|teach\w*"
    r"|plan\w*)|team(?:s|ed)? up|alongside|collaborat\w+|thanks to|help of|helped|invited|planned"
    r"|hosted|and (?:i|the librarian))\b"
)
"""What a sentence must say before somebody in it counts as a partner."""

_FINDERS: Final = tuple((kind, re.compile(rf"\b(?:{words})\b")) for kind, words in _KINDS.items())
_SENTENCE: Final = re.compile(r"[.!?\n]+")


def partners_in(text: str) -> tuple[str, ...]:
    """The kinds of partners that a text speaks of, each once.

    Only a sentence that speaks of doing something together counts: a note *about* parents is no
    partnership with them.
    """
    found: dict[str, None] = {}
    for sentence in _SENTENCE.split(text.lower()):
        if _WITH.search(sentence):
            found |= {kind: None for kind, words in _FINDERS if words.search(sentence)}
    return tuple(found)
