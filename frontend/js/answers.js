// Saves each answer of a section a moment after its writer pauses, one at a time, and keeps in
// this browser tab what could not be saved: no connection, or signed out meanwhile.
// Without this script the section's own button does the same.

const PAUSE = 1000; // milliseconds after the last key; a save is on its way within two seconds
const AGAIN = 5000; // milliseconds until the next try without a connection
const LONGEST = 4000; // milliseconds that the button waits for a save under way

const form = document.querySelector("[data-impact-answers]");

const words = (name) => document.querySelector(`[data-impact-words="${name}"]`);

function kept() {
  try {
    return JSON.parse(sessionStorage.getItem(form.dataset.key)) || {};
  } catch {
    return {};
  }
}

function keep(question) {
  const all = kept();
  if (question.isDirty) {
    all[question.id] = { values: question.values(), version: question.version.value };
  } else {
    delete all[question.id];
  }
  try {
    sessionStorage.setItem(form.dataset.key, JSON.stringify(all));
  } catch {
    // A full or forbidden store: the answer is still in its field and on its way to the server.
  }
}

// One question: its controls, what was saved last, and whether a save is wanted or under way.
class Question {
  constructor(group) {
    this.group = group;
    this.id = group.dataset.impactQuestion;
    this.name = `q${this.id}`;
    this.version = form.elements[`v${this.id}`];
    this.fingerprint = form.elements[`f${this.id}`];
    this.saved = JSON.stringify(this.asServed());
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

  values() {
    return this.controls()
      .filter((control) => !["radio", "checkbox"].includes(control.type) || control.checked)
      .map((control) => control.value);
  }

  // What the page was served with: somebody may have typed before this script had loaded.
  asServed() {
    return this.controls()
      .filter((control) => !["radio", "checkbox"].includes(control.type) || control.defaultChecked)
      .map((control) => (["radio", "checkbox"].includes(control.type) ? control.value : control.defaultValue));
  }

  fill(values) {
    this.controls().forEach((control) => {
      if (["radio", "checkbox"].includes(control.type)) {
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
      keep(this);
      say("typing");
    }
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
    if (this.isDirty) {
      enqueue(this);
    }
    keep(this);
  }

  meet(answer) {
    this.stopped = true;
    this.theirs = answer;
    this.conflict.innerHTML = answer.html;
    this.version.value = answer.version;
    this.fingerprint.value = answer.fingerprint;
    alertWith(this.conflict.querySelector("strong").textContent);
  }

  choose(event) {
    const button = event.target.closest("[data-impact-keep]");
    if (!button) {
      return;
    }
    if (button.dataset.impactKeep === "theirs" && this.theirs) {
      this.fill([].concat(this.theirs.theirs));
      this.saved = JSON.stringify(this.values());
      keep(this);
    } else if (button.dataset.impactKeep === "theirs") {
      this.saved = JSON.stringify(this.values());
      keep(this);
      window.location.assign(form.dataset.here);
      return;
    } else {
      this.saved = null;
    }
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

function say(name, text) {
  const status = form.querySelector("[data-impact-status]");
  status.hidden = false;
  status.textContent = text || words(name).content.textContent;
}

// Good news stays until something else is to be said; a problem goes when a save has worked.
function alertWith(content, kind = "problem") {
  const place = form.querySelector("[data-impact-alert]");
  if (!content && place.dataset.kind === "news") {
    return;
  }
  place.replaceChildren();
  place.dataset.kind = kind;
  if (content) {
    const paragraph = document.createElement("p");
    paragraph.className = "govuk-inset-text";
    paragraph.append(content);
    place.append(paragraph);
  }
}

function enqueue(question) {
  queue = queue.then(() => save(question));
}

async function save(question) {
  if (!question.isDirty || question.stopped) {
    return;
  }
  const sent = JSON.stringify(question.values());
  say("saving");
  let response;
  try {
    response = await fetch(form.dataset.url.replace(/0\/$/, `${question.id}/`), {
      method: "POST",
      body: question.body(),
      credentials: "same-origin",
      redirect: "manual",
    });
  } catch {
    alertWith(words("offline").content.cloneNode(true));
    say("typing");
    setTimeout(() => enqueue(question), AGAIN);
    return;
  }
  await answered(question, response, sent);
}

async function answered(question, response, sent) {
  if (response.status === 401 || response.status === 403 || response.type === "opaqueredirect") {
    alertWith(words("signed-out").content.cloneNode(true));
    say("typing");
    return;
  }
  if (response.status >= 500) {
    say("typing");
    setTimeout(() => enqueue(question), AGAIN);
    return;
  }
  const answer = await response.json();
  if (answer.state === "conflict") {
    question.meet(answer);
  } else if (answer.state === "saved" || answer.state === "unchanged") {
    question.settle(answer, sent);
    alertWith("");
    say("ready", answer.words);
  } else {
    say("typing");
    alertWith(answer.words);
  }
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
  const found = questions.filter((question) => question.id in all);
  found.forEach((question) => {
    const { values, version } = all[question.id];
    if (JSON.stringify(values) === question.saved) {
      keep(question);
      return;
    }
    // Sent with the version that was read then: what a colleague saved meanwhile is not lost.
    question.fill(values);
    question.version.value = version;
    question.fingerprint.value = "";
    alertWith(words("restored").content.cloneNode(true), "news");
    enqueue(question);
  });
}

if (form) {
  questions = [...form.querySelectorAll("[data-impact-question]")].map((group) => new Question(group));
  form.addEventListener("change", showConditional);
  // What is still on its way goes first, or the button would meet one's own earlier version.
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    questions.filter((question) => question.isDirty).forEach(enqueue);
    await Promise.race([queue, new Promise((done) => { setTimeout(done, LONGEST); })]);
    form.submit();
  });
  showConditional();
  say("ready");
  restore();
  questions.filter((question) => question.isDirty).forEach((question) => question.changed());
}
