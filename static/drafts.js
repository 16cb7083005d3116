/* Keeps what is typed into a form with "data-draft" until it is saved.

   The texts are kept in the tab (sessionStorage), by user and by the form's address: never in localStorage, never in
   an address. They are offered again where the form is shown, and where it was opened from. Another user's are removed
   as soon as somebody else is signed in. A draft ends when a page says that the form was saved, when the form shows
   the same already, and when its user signs out.

   The version of the form is kept with the texts, so that a text typed on an older version never replaces a newer one
   unseen. Everything works without this file. */
(function () {
  "use strict";

  var PREFIX = "draft ";
  var user = document.body.dataset.user || "";
  var store;
  try { store = window.sessionStorage; store.getItem(PREFIX); } catch (error) { return; }

  function keys() {
    return Object.keys(store).filter(function (key) { return key.indexOf(PREFIX) === 0; });
  }
  function read(key) {
    try { return JSON.parse(store.getItem(key)); } catch (error) { return null; }
  }
  function write(key, draft) {
    try { store.setItem(key, JSON.stringify(draft)); } catch (error) { /* the tab's store is full */ }
  }
  function remove(key) { store.removeItem(key); }
  function addressOf(form) { return new URL(form.getAttribute("action") || location.href, location.href).pathname; }
  function keyOf(form) { return PREFIX + user + " " + addressOf(form); }
  function fields(form) {
    return Array.prototype.filter.call(form.elements, function (field) {
      return field.name && field.name !== "csrfmiddlewaretoken" && !/^(file|password|submit|button)$/.test(field.type);
    });
  }
  function isTyped(field) { return field.type !== "hidden"; }
  function valueOf(field) {
    return field.type === "checkbox" || field.type === "radio" ? (field.checked ? "on" : "") : field.value;
  }
  function nameOf(field) {
    return field.type === "checkbox" || field.type === "radio" ? field.name + "=" + field.value : field.name;
  }
  function valuesOf(form) {
    var values = {};
    fields(form).forEach(function (field) { values[nameOf(field)] = valueOf(field); });
    return values;
  }
  function shows(form, draft) {
    return fields(form).filter(isTyped).every(function (field) {
      return !(nameOf(field) in draft.values) || draft.values[nameOf(field)] === valueOf(field);
    });
  }
  function fill(form, draft) {
    fields(form).forEach(function (field) {
      var value = draft.values[nameOf(field)];
      if (value === undefined) { return; }
      if (field.type === "checkbox" || field.type === "radio") { field.checked = value === "on"; }
      else { field.value = value; }
    });
  }

  function keep(form, sent) {
    write(keyOf(form), {
      title: form.dataset.draft, action: addressOf(form), page: location.pathname, values: valuesOf(form), sent: sent,
    });
  }

  /* A notice with a text and one thing to do, and another that forgets the draft. */
  function notice(before, text, label, act, forget) {
    var box = document.createElement("div");
    box.className = "jf-attention jf-draft";
    box.setAttribute("role", "status");
    var words = document.createElement("p");
    words.textContent = text;
    box.appendChild(words);
    [[label, act], [document.body.dataset.draftForget, forget]].forEach(function (pair) {
      var button = document.createElement("button");
      button.type = "button";
      button.className = "button button-secondary";
      button.textContent = pair[0];
      button.addEventListener("click", function () { box.remove(); pair[1](); });
      box.appendChild(button);
    });
    before.parentNode.insertBefore(box, before);
  }

  function offerInForm(form) {
    var key = keyOf(form);
    var draft = read(key);
    if (!draft || form.dataset.draftSeen) { return; }
    form.dataset.draftSeen = "1";
    if (shows(form, draft)) { remove(key); return; }
    notice(form, document.body.dataset.draftText, document.body.dataset.draftUse, function () {
      fill(form, draft);
      keep(form, false);
      var first = fields(form).filter(isTyped)[0];
      if (first) { first.focus(); }
    }, function () { remove(key); });
  }

  /* The form was opened inside this page and is not on it now. */
  function offerOnPage(key, draft) {
    var main = document.querySelector("#main-content > h1, #main-content .jf-heading");
    if (!main || main.dataset.draftSeen) { return; }
    main.dataset.draftSeen = "1";
    notice(main.nextSibling || main, document.body.dataset.draftText + " " + draft.title, document.body.dataset.draftOpen,
      function () { location.assign(draft.action); }, function () { remove(key); });
  }

  function isSaved() { return Boolean(document.querySelector("#messages .alert-success")); }

  /* What was sent last has been saved, when the answer says so; else it is kept. */
  function settle() {
    keys().forEach(function (key) {
      var draft = read(key);
      if (!draft) { remove(key); return; }
      if (!draft.sent) { return; }
      if (user && isSaved()) { remove(key); return; }
      draft.sent = false;
      write(key, draft);
    });
  }

  function offer(root) {
    var forms = root.querySelectorAll("form[data-draft]");
    Array.prototype.forEach.call(forms, offerInForm);
  }

  function start() {
    settle();
    if (!user) { return; }
    keys().forEach(function (key) {
      if (key.indexOf(PREFIX + user + " ") !== 0) { remove(key); }
    });
    offer(document);
    keys().forEach(function (key) {
      var draft = read(key);
      var isShown = Array.prototype.some.call(document.querySelectorAll("form[data-draft]"), function (form) {
        return keyOf(form) === key;
      });
      if (draft && draft.page === location.pathname && draft.action !== draft.page && !isShown) { offerOnPage(key, draft); }
    });
  }

  /* For a form that keeps each of its texts by itself, under its own key and a name (minutes.js). */
  window.jobfirstDrafts = {
    keyOf: keyOf, read: read, write: write, remove: remove,
    keysOfPartsOf: function (address) {
      return keys().filter(function (key) { return key.indexOf(PREFIX + user + " " + address + " ") === 0; });
    },
  };

  document.addEventListener("input", function (event) {
    var form = event.target.form;
    if (user && form && "draft" in form.dataset) { keep(form, false); }
  });
  document.addEventListener("submit", function (event) {
    var form = event.target;
    if (user && "draft" in form.dataset) { keep(form, true); }
  }, true);
  document.addEventListener("htmx:beforeRequest", function (event) {
    var form = event.target;
    // A field that sends itself (minutes.js) is no form.
    if (user && form.matches && form.matches("form[data-draft]")) { keep(form, true); }
  });
  document.addEventListener("htmx:afterSettle", function (event) {
    settle();
    if (event.target.querySelectorAll) { offer(event.target); }
  });
  if (document.readyState === "loading") { document.addEventListener("DOMContentLoaded", start); } else { start(); }
})();
