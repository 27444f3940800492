// One message as it looks in the chat.

import { button, element, icon } from "./dom.js";
import { excerpt, formatted } from "./text.js";
import { clockTime } from "./time.js";

const fileAddress = (id) => `/sandbox/files/${encodeURIComponent(id)}`;

// `context`: say, press, reply, copy; language, zone, now; mine(message).
export function bubble(message, context) {
  const mine = context.mine(message);
  const plainSticker = message.sticker && !message.reply_markup;
  const who = mine ? "You" : "Agora";
  const body = element(
    "div",
    { class: `bubble${plainSticker ? " bare" : ""}` },
    element("span", { class: "visually-hidden" }, `${who}: `),
    message.forward_origin ? element("p", { class: "forwarded" }, "Forwarded message") : null,
    quoted(message.reply_to_message, context),
    ...media(message),
    text(message, context),
    footer(message, mine, context),
  );
  const answer = button(icon("reply"), () => context.reply(message), {
    class: "reply-button", "aria-label": `Reply to: ${excerpt(message)}`, title: "Reply",
  });
  return element(
    "li",
    { class: `message ${mine ? "mine" : "theirs"}`, "data-id": message.message_id },
    element("div", { class: "line" }, body, answer),
    keyboard(message, context),
  );
}

function quoted(original, context) {
  if (!original) return null;
  const author = context.mine(original) ? "You" : "Agora";
  return element("p", { class: "quoted" }, element("b", {}, author), element("span", {}, excerpt(original)));
}

function text(message, context) {
  const content = message.text ?? message.caption;
  if (!content) return null;
  const entities = message.text !== undefined ? message.entities : message.caption_entities;
  return element("div", { class: "text", dir: "auto" }, ...formatted(content, entities, context));
}

function footer(message, mine, context) {
  const stamp = clockTime(message.date, context.zone);
  return element(
    "span",
    { class: "stamp" },
    message.edit_date && message.text ? "edited " : null,
    element("time", { datetime: new Date(message.date * 1000).toISOString() }, stamp),
    mine ? element("span", { class: "tick", title: "Sent" }, "✓") : null,
  );
}

function media(message) {
  const made = [];
  if (message.photo) made.push(photo(message));
  if (message.sticker) made.push(element("img", { class: "sticker", src: fileAddress(message.sticker.file_id), alt: `Sticker ${message.sticker.emoji || ""}` }));
  if (message.document) made.push(documentCard(message.document));
  if (message.venue) made.push(mapCard(message.venue.location, message.venue));
  else if (message.location) made.push(mapCard(message.location, null));
  if (message.voice) made.push(element("p", { class: "card" }, "🎤 Voice message"));
  if (message.contact) made.push(element("p", { class: "card" }, `👤 ${message.contact.first_name} ${message.contact.phone_number}`));
  return made;
}

function photo(message) {
  const size = message.photo.at(-1);
  const alternative = message.caption ? `Photo: ${message.caption.split("\n")[0]}` : "Photo";
  return element("img", { class: "photo", src: fileAddress(size.file_id), width: size.width, height: size.height, alt: alternative });
}

function documentCard(file) {
  const name = file.file_name || "file";
  const kind = name.includes(".") ? name.split(".").pop().slice(0, 4).toUpperCase() : "FILE";
  return element(
    "a",
    { class: "card document", href: fileAddress(file.file_id), download: name },
    element("span", { class: "file-kind", "aria-hidden": "true" }, kind),
    element("span", {}, element("b", {}, name), element("small", {}, `${sizeOf(file.file_size)} · Download`)),
  );
}

function sizeOf(bytes) {
  if (!bytes || bytes < 1024) return `${bytes || 0} bytes`;
  return bytes < 1048576 ? `${Math.round(bytes / 1024)} KB` : `${(bytes / 1048576).toFixed(1)} MB`;
}

function mapCard(place, venue) {
  const coordinates = `${place.latitude.toFixed(4)}, ${place.longitude.toFixed(4)}`;
  const map = element("span", { class: "map", role: "img", "aria-label": `Map pin at ${coordinates}` }, element("span", { class: "pin" }));
  const words = venue
    ? [element("b", {}, venue.title), element("span", {}, venue.address)]
    : [element("b", {}, "Location")];
  return element("div", { class: "card place" }, map, element("p", {}, ...words, element("small", {}, coordinates)));
}

function keyboard(message, context) {
  const rows = message.reply_markup?.inline_keyboard;
  if (!rows?.length) return null;
  return element(
    "div",
    { class: "keyboard", role: "group", "aria-label": "Buttons" },
    ...rows.map((row) => element("div", { class: "row" }, ...row.map((item) => inlineButton(item, message, context)))),
  );
}

function inlineButton(item, message, context) {
  const look = `inline ${item.style || ""}`;
  if (item.url) {
    return element("a", { class: `${look} outward`, href: item.url, target: "_blank", rel: "noopener noreferrer" }, item.text);
  }
  if (item.copy_text) {
    return button(item.text, () => context.copy(item.copy_text.text), { class: `${look} copying`, title: "Copy" });
  }
  const pressed = (event) => context.press(message, item, event.currentTarget);
  return button(item.text, pressed, { class: look });
}
