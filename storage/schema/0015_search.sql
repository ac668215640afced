-- Chinese, Japanese, Thai and Korean words are looked for letter by letter: only where such letters
-- are. `storage/terms.py` has the same ranges.

create index idea_unspaced on idea (workspace, posted_at, number)
where withdrawn is null
  and (text || tags || author_name || credits || school) glob '*[ก-࿿က-႟ក-៿々-ヿ㐀-鿿가-힣豈-﫿ｦ-ﾟ𠀀-𿿿]*';
