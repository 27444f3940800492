// One person's phone: their chat with the bot.

import { get, post } from "./api.js";
import { bubble } from "./bubble.js";
import { button, element, icon } from "./dom.js";
import { celebrate } from "./confetti.js";
import { Composer } from "./composer.js";
import { excerpt, formatted } from "./text.js";
import { day } from "./time.js";

const COLOURS = ["teal", "violet", "blue", "rose", "green", "orange"];
const ROLES = { attendee: "Attendee", coordinator: "Coordinator" };

export class Phone {
  constructor(person, surroundings) {
    this.person = person;
    this.surroundings = surroundings;
    this.messages = new Map();
    this.reactions = {};
    this.waitingButtons = new Map();
    this.context = this.makeContext();
    this.build();
  }

  makeContext() {
    const { zone, now } = this.surroundings;
    return {
      zone, now,
      language: this.person.language_code || "en",
      mine: (message) => message.from?.id === this.person.id,
      say: (text) => this.send({ text }),
      press: (message, item, pressed) => this.press(message, item, pressed),
      reply: (message) => this.composer.replyTo(message),
      copy: (text) => this.copy(text),
    };
  }

  build() {
    const { person } = this;
    const full = [person.first_name, person.last_name].filter(Boolean).join(" ");
    const role = ROLES[person.role] || person.role;
    const blockButton = button("Block the bot", () => this.setBlocked(!this.person.blocked), { class: "block" });
    const more = element("details", { class: "more" }, element("summary", { "aria-label": `More about ${full}` }, icon("more")), element("div", { class: "popup" }, blockButton));
    this.blockButton = blockButton;
    this.more = more;
    this.list = element("ol", { class: "messages", role: "log", "aria-live": "polite", "aria-label": `Chat of ${full} with the bot`, tabindex: 0 });
    this.pinned = element("p", { class: "pinned", hidden: true });
    this.typing = element("p", { class: "typing", hidden: true }, element("span", { class: "visually-hidden" }, "The bot is typing"), element("i"), element("i"), element("i"));
    this.draft = element("p", { class: "draft", hidden: true });
    this.toast = element("p", { class: "toast", role: "status", hidden: true });
    this.composer = new Composer(this, this.surroundings.suggestions[person.role] || []);
    this.scroller = element("div", { class: "scroller" }, this.list, this.draft, this.typing);
    this.stayAtEnd();
    this.element = element(
      "section",
      { class: `phone ${person.role}`, id: `phone-${person.id}`, "aria-label": `${full}, ${role}` },
      element(
        "header",
        { class: "phone-head" },
        element("span", { class: `avatar ${COLOURS[person.id % COLOURS.length]}`, "aria-hidden": "true" }, person.first_name.slice(0, 1)),
        element("h2", {}, full, element("small", {}, element("span", { class: "role" }, role), languageName(person.language_code))),
        more,
      ),
      this.pinned,
      element("div", { class: "screen" }, this.scroller, this.toast),
      this.composer.element,
    );
    this.showBlocked();
  }

  async load() {
    const [chat, menu] = await Promise.all([get(`chats/${this.person.id}`), get(`commands/${this.person.id}`)]);
    for (const message of chat.messages) this.messages.set(message.message_id, message);
    this.reactions = chat.reactions;
    this.menu = menu;
    this.composer.showCommands(menu.commands);
    this.renderAll();
    this.showPinned(chat.pinned);
    return chat.last_event;
  }

  async reloadMenu() {
    this.menu = await get(`commands/${this.person.id}`);
    this.composer.showCommands(this.menu.commands);
    if (!this.messages.size) this.renderAll();
  }

  renderAll() {
    this.list.replaceChildren();
    let lastDay = "";
    for (const message of this.messages.values()) lastDay = this.append(message, lastDay);
    if (!this.messages.size) this.list.append(this.welcome());
    this.lastDay = lastDay;
    this.toEnd();
  }

  append(message, lastDay) {
    const today = day(message.date, this.context.zone);
    if (today !== lastDay) this.list.append(element("li", { class: "day" }, element("span", {}, today)));
    this.list.append(this.rendered(message));
    return today;
  }

  rendered(message) {
    const item = bubble(message, this.context);
    const emoji = this.reactions[message.message_id];
    if (emoji?.length) item.querySelector(".bubble").append(element("span", { class: "reaction" }, emoji.join(" ")));
    return item;
  }

  welcome() {
    const description = this.menu?.description || "Ask it anything about the event, register for a session, and get reminded in time.";
    return element(
      "li",
      { class: "welcome" },
      element("img", { src: "icon.svg", alt: "", width: 56, height: 56 }),
      element("b", {}, this.menu?.name || "Agora"),
      element("p", {}, description),
      button("Start", () => this.send({ text: "/start" }), { class: "wide" }),
    );
  }

  // --- what the server tells

  heard(event) {
    const hearings = {
      message: () => this.added(event.message),
      edited: () => this.changed(event.message),
      deleted: () => this.removed(event.message_id),
      answer: () => this.answered(event),
      action: () => this.showTyping(),
      draft: () => this.showDraft(event),
      pinned: () => this.showPinned(event.message_id),
      reaction: () => this.reacted(event),
    };
    hearings[event.kind]?.();
  }

  added(message) {
    if (this.messages.has(message.message_id)) return;
    const first = !this.messages.size;
    this.messages.set(message.message_id, message);
    if (first) this.list.replaceChildren();
    if (!this.context.mine(message)) this.quiet();
    this.lastDay = this.append(message, first ? "" : this.lastDay);
    if (message.effect_id) celebrate(this.element);
    this.toEnd();
  }

  changed(message) {
    this.messages.set(message.message_id, message);
    const old = this.item(message.message_id);
    // A reader at the end stays at the end when a message grows.
    const atEnd = this.isAtEnd();
    const focused = old?.contains(document.activeElement) ? [...old.querySelectorAll(".inline")].indexOf(document.activeElement) : -1;
    const made = this.rendered(message);
    old?.replaceWith(made);
    if (focused >= 0) (made.querySelectorAll(".inline")[focused] || made.querySelector(".inline") || this.list).focus();
    if (atEnd) this.toEnd();
  }

  removed(messageId) {
    this.messages.delete(messageId);
    this.item(messageId)?.remove();
  }

  item(messageId) {
    return this.list.querySelector(`[data-id="${messageId}"]`);
  }

  answered(event) {
    const pressed = this.waitingButtons.get(event.query_id);
    this.waitingButtons.delete(event.query_id);
    pressed?.classList.remove("waiting");
    if (!event.text) return;
    if (event.alert) this.surroundings.alert(event.text);
    else this.showToast(event.text);
  }

  reacted(event) {
    this.reactions[event.message_id] = event.reactions;
    const message = this.messages.get(event.message_id);
    if (message) this.changed(message);
  }

  showTyping() {
    this.typing.hidden = false;
    clearTimeout(this.typingTimer);
    this.typingTimer = setTimeout(() => this.quiet(), 5000);
    this.toEnd();
  }

  showDraft(event) {
    this.draft.replaceChildren(...formatted(event.text, event.entities, this.context));
    this.draft.hidden = !event.text;
    this.toEnd();
  }

  quiet() {
    this.typing.hidden = true;
    this.draft.hidden = true;
  }

  showPinned(messageId) {
    const message = this.messages.get(messageId);
    this.pinned.hidden = !message;
    const jump = () => this.item(messageId)?.scrollIntoView({ block: "center" });
    if (message) this.pinned.replaceChildren(button(`📌 ${excerpt(message)}`, jump));
  }

  showToast(text) {
    this.toast.textContent = text;
    this.toast.hidden = false;
    clearTimeout(this.toastTimer);
    this.toastTimer = setTimeout(() => { this.toast.hidden = true; }, 4000);
  }

  update(person) {
    this.person = person;
    this.context.language = person.language_code || "en";
    this.showBlocked();
  }

  showBlocked() {
    this.blockButton.textContent = this.person.blocked ? "Unblock the bot" : "Block the bot";
    this.composer.showBlocked(this.person.blocked);
  }

  // --- what the person does

  async send(body) {
    await this.attempt(() => post("messages", { user_id: this.person.id, ...body }));
  }

  async press(message, item, pressed) {
    pressed.classList.add("waiting");
    const answer = await this.attempt(() => post("presses", { user_id: this.person.id, message_id: message.message_id, data: item.callback_data }));
    if (!answer) return pressed.classList.remove("waiting");
    this.waitingButtons.set(answer.callback_query.id, pressed);
    setTimeout(() => pressed.classList.remove("waiting"), 8000);
  }

  async setBlocked(blocked) {
    this.more.open = false;
    await this.attempt(() => post("faults", { [blocked ? "block" : "unblock"]: this.person.id }));
  }

  async copy(text) {
    try {
      await navigator.clipboard.writeText(text);
      this.showToast(`Copied: ${text}`);
    } catch {
      this.showToast(text);
    }
  }

  async attempt(action) {
    try {
      return await action();
    } catch (fault) {
      this.showToast(fault.message);
      return null;
    }
  }

  // The last message stays in sight when the window, the keyboard or the clock's panel takes room.
  stayAtEnd() {
    let atEnd = true;
    this.scroller.addEventListener("scroll", () => { atEnd = this.isAtEnd(); });
    new ResizeObserver(() => atEnd && this.toEnd()).observe(this.scroller);
  }

  isAtEnd() {
    const { scrollHeight, scrollTop, clientHeight } = this.scroller;
    return scrollHeight - scrollTop - clientHeight < 60;
  }

  toEnd() {
    this.scroller.scrollTop = this.scroller.scrollHeight;
  }
}

function languageName(code) {
  if (!code) return null;
  try {
    return ` · ${new Intl.DisplayNames("en", { type: "language" }).of(code)}`;
  } catch {
    return ` · ${code}`;
  }
}
