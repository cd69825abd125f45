// Saves each answer of a section a moment after its writer pauses, one at a time, and keeps in
// this browser what could not be saved: no connection, or signed out meanwhile. What is kept is
// put back when the section is opened again, and removed once it is saved or its writer signs out.
// Without this script the section's own button does the same.

const PAUSE = 1000; // milliseconds after the last key; a save is on its way within two seconds
const FIRST_AGAIN = 2000; // milliseconds until the next try, doubled with each one
const LONGEST_AGAIN = 60000;
const LONGEST = 4000; // milliseconds that the button waits for a save under way
const LOOK = 20000; // milliseconds between two looks at who else is here
const LOOK_SIGNED_OUT = 5000;
const FILES = 3000; // milliseconds between two looks at a file that is being scanned
const KEPT_FOR = 30 * 24 * 3600 * 1000;

const form = document.querySelector("[data-impact-answers]");
const place = form || document.querySelector("[data-impact-kept]");
const prefix = place ? `impact-answer:${place.dataset.person}:${place.dataset.expression}:` : "";

const words = (name) => document.querySelector(`[data-impact-words="${name}"]`);
const copyOf = (name) => words(name).content.cloneNode(true);

// --- What is kept in this browser -----------------------------------------------------------
function kept() {
  const found = {};
  try {
    Object.keys(localStorage).filter((key) => key.startsWith(prefix)).forEach((key) => {
      const one = JSON.parse(localStorage.getItem(key));
      if (one && Date.now() - one.at < KEPT_FOR) {
        found[key.slice(prefix.length)] = one;
      } else {
        localStorage.removeItem(key);
      }
    });
  } catch {
    // No store, or something else wrote into it: then nothing is kept.
  }
  return found;
}

function keep(question) {
  try {
    if (question.isDirty) {
      localStorage.setItem(prefix + question.id, JSON.stringify({
        values: question.values(),
        version: question.version.value,
        order: form.dataset.order,
        at: Date.now(),
      }));
    } else {
      localStorage.removeItem(prefix + question.id);
    }
  } catch {
    // A full or forbidden store: the answer is still in its field and on its way to the server.
  }
}

const isTick = (control) => ["radio", "checkbox"].includes(control.type);

// One question: its controls, what was saved last, and whether a save is wanted or under way.
class Question {
  constructor(group) {
    this.group = group;
    this.id = group.dataset.impactQuestion;
    this.name = `q${this.id}`;
    this.version = form.elements[`v${this.id}`];
    this.fingerprint = form.elements[`f${this.id}`];
    // What the server sent, and not what stands there now: it may have been typed before this
    // script had come.
    this.saved = "unsaved" in group.dataset ? null : JSON.stringify(this.initial());
    this.conflict = group.querySelector("[data-impact-conflict]");
    this.stopped = Boolean(this.conflict.firstElementChild);
    this.theirs = null;
    group.addEventListener("input", () => this.changed());
    group.addEventListener("change", () => this.changed());
    group.addEventListener("click", (event) => this.choose(event));
  }

  controls() {
    return [...this.group.querySelectorAll(`[name="${this.name}"]`)];
  }

  initial() {
    return this.controls()
      .filter((control) => !isTick(control) || control.defaultChecked)
      .map((control) => (isTick(control) ? control.value : control.defaultValue));
  }

  values() {
    return this.controls()
      .filter((control) => !isTick(control) || control.checked)
      .map((control) => control.value);
  }

  fill(values) {
    this.controls().forEach((control) => {
      if (isTick(control)) {
        control.checked = values.includes(control.value);
      } else {
        control.value = values[0] || "";
      }
      control.dispatchEvent(new Event("keyup"));
    });
    showConditional();
  }

  get isDirty() {
    return JSON.stringify(this.values()) !== this.saved;
  }

  changed() {
    if (this.isDirty) {
      say(tries ? "again" : "typing");
    }
    keep(this);
    clearTimeout(this.timer);
    this.timer = setTimeout(() => enqueue(this), PAUSE);
  }

  body() {
    const data = new FormData();
    this.values().forEach((value) => data.append(this.name, value));
    data.append(`v${this.id}`, this.version.value);
    data.append(`f${this.id}`, this.fingerprint.value);
    data.append("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
    return data;
  }

  settle(answer, sent) {
    this.saved = sent;
    if (answer.version) {
      this.version.value = answer.version;
      this.fingerprint.value = answer.fingerprint;
    }
    keep(this);
    if (this.isDirty) {
      enqueue(this);
    }
  }

  meet(answer) {
    this.stopped = true;
    this.theirs = answer;
    this.conflict.innerHTML = answer.html;
    this.version.value = answer.version;
    this.fingerprint.value = answer.fingerprint;
    say("typing");
    alertWith(this.conflict.querySelector("strong").textContent);
  }

  // A conflict that came with the page is settled by the server, as it is without this script.
  choose(event) {
    const button = event.target.closest("[data-impact-keep]");
    if (!button || !this.theirs) {
      return;
    }
    event.preventDefault();
    const theirs = [].concat(this.theirs.theirs);
    if (button.dataset.impactKeep === "theirs") {
      this.fill(theirs);
      this.saved = JSON.stringify(this.values());
    } else {
      if (button.dataset.impactKeep === "both") {
        this.fill(isTick(this.controls()[0])
          ? [...theirs, ...this.values()]
          : [[theirs[0], this.values()[0]].filter(Boolean).join("\n\n")]);
      }
      this.saved = null;
    }
    this.goOn();
  }

  goOn() {
    keep(this);
    this.theirs = null;
    this.stopped = false;
    this.conflict.replaceChildren();
    alertWith("");
    const first = this.controls()[0];
    if (first) {
      first.focus();
    }
    enqueue(this);
  }
}

let queue = Promise.resolve();
let questions = [];
let tries = 0; // how often in a row the portal could not be reached
let again = null;
let signedOut = false;
let leaving = false;

function say(name, text) {
  const status = form.querySelector("[data-impact-status]");
  status.hidden = false;
  status.textContent = text || words(name).content.textContent;
}

// Good news stays until something else is to be said; a problem goes when a save has worked.
function alertWith(content, kind = "problem", home = form.querySelector("[data-impact-alert]")) {
  if (!content && home.dataset.kind === "news") {
    return;
  }
  home.replaceChildren();
  home.dataset.kind = kind;
  if (content) {
    const box = document.createElement("div");
    box.className = "govuk-inset-text";
    box.append(content);
    home.append(box);
  }
}

function enqueue(question) {
  queue = queue.then(() => save(question));
}

function saveAll() {
  questions.filter((question) => question.isDirty).forEach(enqueue);
}

async function save(question) {
  if (!question.isDirty || question.stopped || signedOut) {
    return;
  }
  const sent = JSON.stringify(question.values());
  say("saving");
  let response;
  let answer = null;
  try {
    response = await fetch(form.dataset.url.replace(/0\/$/, `${question.id}/`), {
      method: "POST",
      body: question.body(),
      credentials: "same-origin",
      redirect: "manual",
    });
    if ((response.headers.get("Content-Type") || "").startsWith("application/json")) {
      answer = await response.json();
    }
  } catch {
    tryAgain("offline");
    return;
  }
  answered(question, response, answer, sent);
}

function tryAgain(why) {
  alertWith(copyOf(why));
  say("again");
  clearTimeout(again);
  again = setTimeout(saveAll, Math.min(FIRST_AGAIN * 2 ** tries, LONGEST_AGAIN));
  tries += 1;
}

function answered(question, response, answer, sent) {
  if (response.status >= 500) {
    tryAgain("offline");
    return;
  }
  tries = 0;
  const state = answer ? answer.state : "";
  if (state === "saved" || state === "unchanged") {
    question.settle(answer, sent);
    alertWith("");
    say("ready", answer.words);
  } else if (state === "conflict") {
    question.meet(answer);
  } else if (state === "signed_out" || (!answer && [0, 403].includes(response.status))) {
    // A page that was open while its writer signed in anew has an old token: 403 without words.
    beSignedOut();
  } else {
    question.stopped = state !== "refused";
    say("typing");
    alertWith(answer ? answer.words : copyOf("no-answer"));
  }
}

function beSignedOut() {
  signedOut = true;
  say("typing");
  lookAround(true);
}

// Who else is here; and, after signing in again in another tab, a new token to save with.
async function lookAround(tell = false) {
  let response;
  let answer;
  try {
    response = await fetch(form.dataset.hereUrl, { credentials: "same-origin", redirect: "manual" });
    answer = response.ok ? await response.json() : null;
  } catch {
    return;
  }
  if (!answer) {
    if (tell && [0, 401].includes(response.status)) {
      alertWith(copyOf("signed-out"));
    }
    return;
  }
  const here = form.querySelector("[data-impact-presence]");
  if (here.textContent !== answer.words) {
    here.textContent = answer.words;
  }
  if (signedOut) {
    comeBack(answer);
  }
}

function comeBack(answer) {
  if (String(answer.person) !== form.dataset.person) {
    alertWith(copyOf("other-person"));
    return;
  }
  signedOut = false;
  form.elements.csrfmiddlewaretoken.value = answer.token;
  alertWith("");
  saveAll();
}

// A question that only some answers open is hidden until one of them is chosen.
function showConditional() {
  form.querySelectorAll("[data-asked-if]").forEach((group) => {
    const wanted = JSON.parse(group.dataset.askedValues);
    const given = [...form.querySelectorAll(`[name="${group.dataset.askedIf}"]:checked`)];
    group.hidden = !given.some((control) => wanted.includes(control.value));
    const hint = group.querySelector("[data-impact-only]");
    if (hint) {
      hint.hidden = true;
    }
  });
}

function restore() {
  const all = kept();
  questions.filter((question) => question.id in all).forEach((question) => {
    const { values, version } = all[question.id];
    if (question.isDirty || question.stopped) {
      return;
    }
    if (JSON.stringify(values) === question.saved) {
      keep(question);
      return;
    }
    // Sent with the version that was read then: what a colleague saved meanwhile is not lost.
    question.fill(values);
    question.version.value = version;
    question.fingerprint.value = "";
    alertWith(copyOf("restored"), "news");
    enqueue(question);
  });
}

// Words that were kept on the pages of other sections.
function pointElsewhere(home) {
  const here = form ? form.dataset.order : "";
  const orders = new Set(Object.values(kept()).map((one) => one.order).filter((one) => one !== here));
  if (!orders.size) {
    return;
  }
  const said = document.createDocumentFragment();
  said.append(copyOf("elsewhere"));
  [...orders].sort().forEach((order) => {
    const item = copyOf("section-link");
    const link = item.querySelector("a");
    link.href = link.getAttribute("href").replace(/0\/$/, `${encodeURIComponent(order)}/`);
    link.querySelector("[data-impact-number]").textContent = order;
    said.append(" ", item);
  });
  alertWith(said, "news", home);
}

// What the scanner says of a file comes by itself.
function watchFiles() {
  document.querySelectorAll("[data-impact-files][data-waiting]").forEach((list) => {
    setTimeout(async () => {
      try {
        const response = await fetch(list.dataset.waiting, { credentials: "same-origin", redirect: "error" });
        if (response.ok) {
          const made = document.createElement("template");
          made.innerHTML = await response.text();
          list.replaceWith(made.content);
        }
      } catch {
        // Asked again below.
      }
      watchFiles();
    }, FILES);
  });
}

async function submitted(event) {
  event.preventDefault();
  if (leaving) {
    return;
  }
  leaving = true;
  // What is still on its way goes first, or the button would meet one's own earlier version.
  saveAll();
  await Promise.race([queue, new Promise((done) => { setTimeout(done, LONGEST); })]);
  if (tries || !navigator.onLine) {
    leaving = false;
    tryAgain("offline");
    return;
  }
  if (event.submitter && event.submitter.name) {
    const pressed = document.createElement("input");
    pressed.type = "hidden";
    pressed.name = event.submitter.name;
    pressed.value = event.submitter.value;
    form.append(pressed);
  }
  form.submit();
}

function begin() {
  questions = [...form.querySelectorAll("[data-impact-question]")].map((group) => new Question(group));
  form.addEventListener("change", showConditional);
  form.addEventListener("submit", submitted);
  window.addEventListener("pageshow", () => { leaving = false; });
  window.addEventListener("online", () => { clearTimeout(again); saveAll(); });
  window.addEventListener("focus", () => lookAround());
  setInterval(() => { if (!document.hidden && !signedOut) { lookAround(); } }, LOOK);
  setInterval(() => { if (signedOut) { lookAround(); } }, LOOK_SIGNED_OUT);
  showConditional();
  say("ready");
  // Typed before this script had come, or put back by the server after signing in again.
  questions.filter((question) => question.isDirty && !question.stopped).forEach((question) => {
    keep(question);
    enqueue(question);
  });
  pointElsewhere(form.querySelector("[data-impact-alert]"));
  restore();
  watchFiles();
}

if (form) {
  begin();
} else if (place) {
  pointElsewhere(place);
}
