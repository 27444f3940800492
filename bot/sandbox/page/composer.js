// Where a person writes: suggestions, the bot's menu, samples to send, the text entry.

import { button, element, icon } from "./dom.js";
import { excerpt } from "./text.js";

const SAMPLES = [["🏞️ Photo", "photo"], ["🙂 Sticker", "sticker"], ["📍 Location", "location"]];

export class Composer {
  constructor(phone, suggestions) {
    this.phone = phone;
    const name = phone.person.first_name;
    this.chips = element("div", { class: "chips", role: "group", "aria-label": "Suggestions" }, ...suggestions.map((text) => button(text, () => this.say(text), { class: "chip" })));
    this.menu = popup("Menu", icon("menu"), "menu");
    this.samples = popup("Send a sample", icon("attach"), "attach");
    this.samples.querySelector(".popup").append(...SAMPLES.map(([label, kind]) => button(label, () => this.sendSample(kind))));
    this.entry = element("textarea", { rows: 1, placeholder: "Message", "aria-label": `Message as ${name}`, maxlength: 4096, enterkeyhint: "send", onkeydown: (event) => this.key(event), oninput: () => this.fit() });
    this.replied = element("p", { class: "replying", hidden: true });
    this.form = element(
      "form",
      { class: "entry", onsubmit: (event) => this.submit(event) },
      this.menu, this.entry, this.samples,
      element("button", { type: "submit", class: "send", "aria-label": "Send", title: "Send" }, icon("send")),
    );
    this.unblock = button("Unblock the bot", () => phone.setBlocked(false), { class: "wide" });
    this.element = element("footer", { class: "composer" }, this.chips, this.replied, this.form, this.unblock);
    this.showCommands([]);
    this.showChips();
  }

  showCommands(commands) {
    this.menu.hidden = !commands.length;
    const entries = commands.map(({ command, description }) =>
      element("button", { type: "button", onclick: () => this.choose(command) }, element("b", {}, `/${command}`), element("span", {}, description)));
    this.menu.querySelector(".popup").replaceChildren(...entries);
  }

  showChips() {
    this.chips.hidden = this.blocked || !this.chips.childElementCount;
  }

  showBlocked(blocked) {
    this.blocked = blocked;
    this.unblock.hidden = !blocked;
    this.form.hidden = blocked;
    this.showChips();
  }

  choose(command) {
    this.menu.open = false;
    this.say(`/${command}`);
  }

  sendSample(kind) {
    this.samples.open = false;
    this.phone.send({ [kind]: true });
  }

  replyTo(message) {
    this.repliedTo = message.message_id;
    this.replied.replaceChildren(element("span", {}, `Reply to: ${excerpt(message)}`), button("✕", () => this.endReply(), { "aria-label": "Do not reply to this" }));
    this.replied.hidden = false;
    this.entry.focus();
  }

  endReply() {
    this.repliedTo = undefined;
    this.replied.hidden = true;
  }

  say(text) {
    const reply = this.repliedTo ? { reply_to_message_id: this.repliedTo } : {};
    this.endReply();
    return this.phone.send({ text, ...reply });
  }

  key(event) {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) this.submit(event);
    if (event.key === "Escape") this.endReply();
  }

  submit(event) {
    event.preventDefault();
    const text = this.entry.value.trim();
    if (!text) return;
    this.entry.value = "";
    this.fit();
    this.say(text);
  }

  fit() {
    this.entry.style.height = "auto";
    this.entry.style.height = `${Math.min(this.entry.scrollHeight, 120)}px`;
  }
}

function popup(label, face, kind) {
  const made = element("details", { class: `opener ${kind}` }, element("summary", { "aria-label": label, title: label }, face), element("div", { class: "popup" }));
  made.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    made.open = false;
    made.querySelector("summary").focus();
  });
  return made;
}

document.addEventListener("click", (event) => {
  for (const opened of document.querySelectorAll("details[open]")) {
    if (!opened.contains(event.target)) opened.open = false;
  }
});
