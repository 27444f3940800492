// The control API: JSON in and out.

async function request(path, options) {
  const response = await fetch(`/sandbox/${path}`, options);
  const answer = await response.json();
  if (!response.ok) throw new Error(answer.description || response.statusText);
  return answer;
}

export const get = (path) => request(path, { cache: "no-store" });

export const post = (path, body) =>
  request(path, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });

const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

// Calls `tell` for each event after a number, for ever; `reachable` hears whether the server answers.
export async function follow(after, tell, reachable) {
  for (;;) {
    try {
      const { events, last } = await get(`events?after=${after}&timeout=25`);
      reachable(true);
      // A server that was started anew counts from the beginning.
      if (last < after) return location.reload();
      for (const event of events) tell(event);
      after = last;
    } catch {
      reachable(false);
      await pause(1500);
    }
  }
}
