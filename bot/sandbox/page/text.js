// Telegram's entities as elements. Offsets count UTF-16 units, which is how JavaScript counts too.

import { element } from "./dom.js";
import { momentIn } from "./time.js";

const LINK = /^(https?|mailto|tg|tel):/i;

export function formatted(text, entities, context) {
  const ordered = [...(entities || [])].sort((a, b) => a.offset - b.offset || b.length - a.length);
  return pieces(text, 0, text.length, ordered, context);
}

function pieces(text, start, end, entities, context) {
  const made = [];
  let at = start;
  while (entities.length) {
    const entity = entities.shift();
    if (entity.offset < at || entity.offset >= end) continue;
    const stop = Math.min(entity.offset + entity.length, end);
    const inner = entities.filter((other) => other.offset < stop);
    entities = entities.filter((other) => other.offset >= stop);
    if (entity.offset > at) made.push(text.slice(at, entity.offset));
    const plain = text.slice(entity.offset, stop);
    made.push(dressed(entity, plain, pieces(text, entity.offset, stop, inner, context), context));
    at = stop;
  }
  if (at < end) made.push(text.slice(at, end));
  return made;
}

const SIMPLE = { bold: "strong", italic: "em", underline: "u", strikethrough: "s", code: "code" };

function dressed(entity, plain, children, context) {
  if (SIMPLE[entity.type]) return element(SIMPLE[entity.type], {}, ...children);
  switch (entity.type) {
    case "pre":
      return element("pre", {}, element("code", {}, ...children));
    case "blockquote":
      return element("blockquote", {}, ...children);
    case "expandable_blockquote":
      return expandable(children);
    case "spoiler":
      return spoiler(children);
    case "text_link":
      return link(entity.url, children);
    case "url":
      return link(plain, children);
    case "email":
      return link(`mailto:${plain}`, children);
    case "bot_command":
      return element("button", { type: "button", class: "command", onclick: () => context.say(plain) }, plain);
    case "date_time":
      return dateTime(entity, children, context);
    case "mention":
    case "text_mention":
    case "hashtag":
      return element("span", { class: "mention" }, ...children);
    default:
      return element("span", {}, ...children);
  }
}

function link(address, children) {
  if (!LINK.test(address)) return element("span", {}, ...children);
  return element("a", { href: address, target: "_blank", rel: "noopener noreferrer" }, ...children);
}

function spoiler(children) {
  const reveal = () => {
    hidden.classList.add("shown");
    hidden.removeAttribute("role");
    hidden.removeAttribute("aria-label");
  };
  const keys = (event) => (event.key === "Enter" || event.key === " ") && reveal();
  const hidden = element(
    "span",
    { class: "spoiler", role: "button", tabindex: 0, "aria-label": "Hidden text, press to show", onclick: reveal, onkeydown: keys },
    ...children,
  );
  return hidden;
}

function expandable(children) {
  const quote = element("blockquote", { class: "folded" }, ...children);
  const toggle = element("button", { type: "button", class: "unfold", "aria-expanded": "false" }, "Show all");
  toggle.addEventListener("click", () => {
    const folded = quote.classList.toggle("folded");
    toggle.setAttribute("aria-expanded", String(!folded));
    toggle.textContent = folded ? "Show all" : "Show less";
  });
  return element("span", { class: "foldable" }, quote, toggle);
}

function dateTime(entity, children, context) {
  const seconds = Number(entity.unix_time);
  const shown = entity.date_time_format
    ? [momentIn(context.language, context.zone, seconds, entity.date_time_format, context.now())]
    : children;
  const stamp = new Date(seconds * 1000);
  const full = momentIn(context.language, context.zone, seconds, "wDT", context.now());
  return element("time", { class: "moment", datetime: stamp.toISOString(), title: full }, ...shown);
}

export function excerpt(message) {
  const text = message.text || message.caption;
  if (text) return text.split("\n")[0];
  const kinds = { photo: "Photo", document: message.document?.file_name, venue: message.venue?.title };
  const others = { sticker: "Sticker", location: "Location", voice: "Voice message", contact: "Contact" };
  const found = Object.entries({ ...kinds, ...others }).find(([kind]) => message[kind]);
  return found ? found[1] : "Message";
}
