// Saves an assessor's scores a moment after they pause, so that a closed lid loses little.
// Without this script the page's own buttons do the same.

const PAUSE = 1500; // milliseconds after the last key

const form = document.querySelector("[data-impact-scores]");
const status = form.querySelector("[data-impact-status]");

let timer = null;
let running = null;
let stopped = false;

function say(words) {
  status.hidden = !words;
  status.textContent = words;
}

async function send() {
  const body = new FormData(form);
  body.delete("finish");
  try {
    const answer = await fetch(form.dataset.impactScores, { method: "POST", body });
    const found = await answer.json();
    if (answer.ok) {
      form.elements.seen.value = found.version;
    }
    // Another window has saved, or it is no longer theirs: only the button goes on from here.
    stopped = [401, 403, 404, 409, 410].includes(answer.status);
    say(found.words);
  } catch {
    say(form.dataset.impactOffline);
  }
}

function save() {
  clearTimeout(timer);
  timer = null;
  running = (running || Promise.resolve()).then(() => (stopped ? null : send()));
  return running;
}

function changed() {
  if (!stopped) {
    clearTimeout(timer);
    timer = setTimeout(save, PAUSE);
  }
}

form.addEventListener("input", changed);
form.addEventListener("change", changed);
form.addEventListener("submit", (event) => {
  clearTimeout(timer);
  if (running && !form.dataset.sending) {
    // A save is or was under way: the button waits for it, so as not to meet its version.
    event.preventDefault();
    form.dataset.sending = "yes";
    running.finally(() => form.requestSubmit(event.submitter));
  }
});
