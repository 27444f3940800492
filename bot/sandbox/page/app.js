// The page: a clock, and a phone for everybody who takes part. All state lives in the server.

import { follow, get, post } from "./api.js";
import { ClockBar } from "./clockbar.js";
import { button, element } from "./dom.js";
import { Phone } from "./phone.js";

const LANGUAGES = ["en", "de", "fr", "es", "it", "nl", "pl", "pt", "cs", "da", "el", "et", "fi", "hr", "hu", "lt", "lv", "ro", "sk", "sl", "sv", "uk", "bg", "ga"];
const byId = (id) => document.getElementById(id);
const phones = new Map();
const tabOf = (id) => byId("tabs").querySelector(`[data-person="${id}"]`);
let menusDue = 0;
let chosen;

const settings = await get("page");
const clock = new ClockBar(settings);
const surroundings = { zone: settings.timezone, now: () => clock.now(), suggestions: settings.suggestions, alert: showAlert };

if (settings.title) byId("event-title").textContent = settings.title;
prepareNewcomers();
byId("phones").append(adder("+ Another attendee", "adder"));
byId("tabs").append(adder("+", "small-adder"));
await clock.load();
const { last_event: start } = await get("state");
await showPeople();
select(wanted());
follow(start, heard, (reached) => { byId("offline").hidden = reached; });

function heard(event) {
  if (event.kind === "clock") clock.load();
  else if (event.kind === "people") showPeople();
  else if (event.kind === "commands" || event.kind === "profile") reloadMenus();
  else tellPhone(event);
}

function tellPhone(event) {
  phones.get(event.chat_id)?.heard(event);
  if (event.kind === "message") tabOf(event.chat_id)?.classList.add("unread");
  tabOf(chosen)?.classList.remove("unread");
}

// A bot sets its commands once per language: dozens of events at its start, one look is enough.
function reloadMenus() {
  clearTimeout(menusDue);
  menusDue = setTimeout(() => phones.forEach((phone) => phone.reloadMenu()), 150);
}

async function showPeople() {
  const { users } = await get("users");
  for (const person of users) {
    if (phones.has(person.id)) phones.get(person.id).update(person);
    else await add(person);
  }
}

async function add(person) {
  const phone = new Phone(person, surroundings);
  phones.set(person.id, phone);
  byId("tabs").insertBefore(tab(person), byId("tabs").lastElementChild);
  byId("phones").insertBefore(phone.element, byId("phones").lastElementChild);
  await phone.load();
}

function tab(person) {
  const note = person.role === "coordinator" ? element("small", {}, "Coordinator") : null;
  return element("button", { type: "button", "data-person": person.id, onclick: () => select(person.id) }, person.first_name, note);
}

// On a narrow screen one phone is shown at a time.
function select(id) {
  chosen = id;
  tabOf(id)?.classList.remove("unread");
  for (const [number, phone] of phones) phone.element.classList.toggle("chosen", number === id);
  for (const choice of byId("tabs").querySelectorAll("[data-person]")) choice.setAttribute("aria-pressed", String(Number(choice.dataset.person) === id));
  if (id !== undefined) history.replaceState(null, "", `#${id}`);
  phones.get(id)?.toEnd();
}

function wanted() {
  const named = Number(location.hash.slice(1));
  return phones.has(named) ? named : phones.keys().next().value;
}

function adder(label, look) {
  return button(label, () => byId("newcomer").showModal(), { class: look, "aria-label": "Another attendee" });
}

function prepareNewcomers() {
  const dialog = byId("newcomer");
  const names = new Intl.DisplayNames("en", { type: "language" });
  const form = dialog.querySelector("form");
  form.elements.language.append(...LANGUAGES.map((code) => element("option", { value: code }, names.of(code))));
  form.querySelector("[data-close]").addEventListener("click", () => dialog.close());
  form.addEventListener("submit", () => welcome(form));
}

async function welcome(form) {
  const id = Math.max(1000, ...phones.keys()) + 1;
  await post("users", { id, first_name: form.elements.name.value.trim(), language_code: form.elements.language.value });
  form.reset();
  await showPeople();
  select(id);
  phones.get(id).element.scrollIntoView({ inline: "end", block: "nearest" });
}

function showAlert(text) {
  byId("alert-text").textContent = text;
  byId("alert").showModal();
}
