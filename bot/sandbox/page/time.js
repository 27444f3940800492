// Dates and times as people read them, in the event's zone.

export function clockTime(seconds, zone) {
  return format("en-GB", { hour: "2-digit", minute: "2-digit", timeZone: zone }, seconds);
}

export function day(seconds, zone, style = { weekday: "long", day: "numeric", month: "long" }) {
  return format("en-GB", { ...style, timeZone: zone }, seconds);
}

function format(language, options, seconds) {
  return new Intl.DateTimeFormat(language, options).format(new Date(seconds * 1000));
}

// Telegram's formats: r relative, w weekday, d/D date short/long, t/T time short/long.
export function momentIn(language, zone, seconds, layout, now) {
  if (layout === "r") return relative(language, seconds - now);
  const options = { timeZone: zone };
  if (layout.includes("w")) options.weekday = layout.includes("D") ? "long" : "short";
  if (layout.includes("d")) Object.assign(options, { day: "numeric", month: "numeric", year: "2-digit" });
  if (layout.includes("D")) Object.assign(options, { day: "numeric", month: "long", year: "numeric" });
  if (/t/i.test(layout)) Object.assign(options, { hour: "2-digit", minute: "2-digit" });
  if (layout.includes("T")) options.second = "2-digit";
  return format(safe(language), options, seconds);
}

const UNITS = [["year", 31536000], ["month", 2592000], ["day", 86400], ["hour", 3600], ["minute", 60], ["second", 1]];

function relative(language, difference) {
  const [unit, length] = UNITS.find(([, size]) => Math.abs(difference) >= size) || UNITS.at(-1);
  return new Intl.RelativeTimeFormat(safe(language), { numeric: "auto" }).format(Math.round(difference / length), unit);
}

function safe(language) {
  try {
    // Plain "en" would mean American dates, at events that mostly are not.
    return language === "en" ? "en-GB" : Intl.getCanonicalLocales(language)[0] || "en-GB";
  } catch {
    return "en-GB";
  }
}
