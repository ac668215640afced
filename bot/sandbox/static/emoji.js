// The emoji that messages and reactions of this room are likely to carry, by their short names.

import { h } from "./dom.js";

// prettier-ignore
const EMOJI = {
  bulb: "💡", x: "❌", question: "❓", exclamation: "❗", white_check_mark: "✅",
  heavy_check_mark: "✔️", warning: "⚠️", "+1": "👍", thumbsup: "👍", "-1": "👎", thumbsdown: "👎",
  clap: "👏", raised_hands: "🙌", pray: "🙏", wave: "👋", muscle: "💪", point_right: "👉",
  point_up: "☝️", point_down: "👇", ok_hand: "👌", handshake: "🤝", writing_hand: "✍️", eyes: "👀",
  heart: "❤️", green_heart: "💚", blue_heart: "💙", yellow_heart: "💛", purple_heart: "💜",
  sparkling_heart: "💖", smile: "😄", grinning: "😀", slightly_smiling_face: "🙂", blush: "😊",
  joy: "😂", wink: "😉", thinking_face: "🤔", sweat_smile: "😅", heart_eyes: "😍", sob: "😭", cry: "😢",
  tired_face: "😫", star_struck: "🤩", partying_face: "🥳", nerd_face: "🤓", sunglasses: "😎",
  tada: "🎉", confetti_ball: "🎊", balloon: "🎈", fire: "🔥", star: "⭐", star2: "🌟", sparkles: "✨",
  dizzy: "💫", rocket: "🚀", zap: "⚡", trophy: "🏆", medal: "🏅", dart: "🎯", key: "🔑", lock: "🔒",
  bell: "🔔", mega: "📣", loudspeaker: "📢", speech_balloon: "💬", thought_balloon: "💭", book: "📖",
  books: "📚", open_book: "📖", notebook: "📓", ledger: "📒", blue_book: "📘", green_book: "📗",
  orange_book: "📙", closed_book: "📕", bookmark: "🔖", bookmark_tabs: "📑", newspaper: "📰",
  page_facing_up: "📄", scroll: "📜", memo: "📝", pencil: "📝", pencil2: "✏️", clipboard: "📋",
  card_index: "📇", card_file_box: "🗃️", file_folder: "📁", link: "🔗", paperclip: "📎",
  pushpin: "📌", round_pushpin: "📍", inbox_tray: "📥", outbox_tray: "📤", email: "✉️", mailbox: "📫",
  package: "📦", calendar: "📅", date: "📅", spiral_calendar_pad: "🗓️", clock3: "🕒", hourglass: "⌛",
  hourglass_flowing_sand: "⏳", alarm_clock: "⏰", mag: "🔍", mag_right: "🔎", bar_chart: "📊",
  chart_with_upwards_trend: "📈", chart_with_downwards_trend: "📉", computer: "💻",
  desktop_computer: "🖥️", iphone: "📱", camera: "📷", movie_camera: "🎥", film_projector: "📽️",
  headphones: "🎧", microphone: "🎤", studio_microphone: "🎙️", radio: "📻", art: "🎨",
  musical_note: "🎵", school: "🏫", mortar_board: "🎓", school_satchel: "🎒", apple: "🍎",
  coffee: "☕", cookie: "🍪", cake: "🍰", birthday: "🎂", seedling: "🌱", herb: "🌿", evergreen_tree: "🌲",
  deciduous_tree: "🌳", sunflower: "🌻", rainbow: "🌈", sunny: "☀️", snowflake: "❄️",
  earth_americas: "🌎", compass: "🧭", world_map: "🗺️", house: "🏠", office: "🏢", bus: "🚌",
  gear: "⚙️", hammer_and_wrench: "🛠️", wrench: "🔧", toolbox: "🧰", robot_face: "🤖", jigsaw: "🧩",
  puzzle: "🧩", game_die: "🎲", thread: "🧵", busts_in_silhouette: "👥", raising_hand: "🙋",
  information_source: "ℹ️", recycle: "♻️", repeat: "🔁", arrow_right: "➡️", arrow_left: "⬅️",
  arrow_up: "⬆️", arrow_down: "⬇️", arrows_counterclockwise: "🔄", heavy_plus_sign: "➕",
  plus: "➕", heavy_minus_sign: "➖", no_entry: "⛔", no_entry_sign: "🚫", stop_sign: "🛑",
  wastebasket: "🗑️", new: "🆕", 100: "💯", 1234: "🔢", one: "1️⃣", two: "2️⃣", three: "3️⃣",
  small_blue_diamond: "🔹", small_orange_diamond: "🔸", white_circle: "⚪", black_circle: "⚫",
  red_circle: "🔴", large_blue_circle: "🔵", large_green_circle: "🟢", white_small_square: "▫️",
  black_small_square: "▪️",
};

/** The sign for an emoji's short name, or `:name:` when it is not in the table. */
export const emojiSign = (name) => (isEmoji(name) ? EMOJI[name] : `:${name}:`);
/** Whether the short name is in the table. */
export const isEmoji = (name) => Object.hasOwn(EMOJI, name);

/** A short name as words: `heavy_check_mark` -> "heavy check mark". */
export const emojiWords = (name) =>
  ({ bulb: "light bulb", x: "cross" })[name] || name.replaceAll("_", " ");

/** An emoji as a node that a screen reader can name. */
export function emoji(name) {
  const sign = emojiSign(name);
  if (!isEmoji(name)) return document.createTextNode(sign);
  return h(
    "span",
    { class: "emoji", role: "img", "aria-label": emojiWords(name), title: `:${name}:` },
    sign,
  );
}
