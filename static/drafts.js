/* Keeps what is typed into a form with "data-draft" until it is saved.

   The texts are kept in the tab (sessionStorage), by user and by the form's address: never in localStorage, never in
   an address, and only as ciphertext (AES-GCM). The user's key comes with each page and is never stored: after another
   sign-in the same user reads them again, and nobody else can. Where the browser has no WebCrypto nothing is stored.

   They are offered again where the form is shown, and where it was opened from. Another user's are removed as soon as
   somebody else is signed in. A draft ends when a page says that the form was saved, when the form shows the same
   already, when its user signs out, when it cannot be read (the key was exchanged), and after three days.

   The version of the form is kept with the texts, so that a text typed on an older version never replaces a newer one
   unseen. Everything works without this file. */
(function () {
  "use strict";

  var PREFIX = "draft ", SENT = "sent ", LIFE = 3 * 24 * 60 * 60 * 1000, NONCE_BYTES = 12;
  var user = document.body.dataset.user || "";
  var texts = {};  // the user's drafts by key, as they were typed: only in this page's memory
  var store;
  try { store = window.sessionStorage; store.getItem(PREFIX); } catch (error) { return; }

  function keysWith(prefix) {
    return Object.keys(store).filter(function (key) { return key.indexOf(prefix) === 0; });
  }
  function keys() { return Object.keys(texts); }
  function isOwn(key) { return key.indexOf(PREFIX + user + " ") === 0; }

  function bytesOf(base64) {
    return Uint8Array.from(window.atob(base64), function (character) { return character.charCodeAt(0); });
  }
  function base64Of(buffer) {
    return window.btoa(Array.from(new Uint8Array(buffer), function (byte) { return String.fromCharCode(byte); }).join(""));
  }

  /* The key as one that no script can read, taken off the page; null without one or without WebCrypto. */
  function importKey() {
    var key = document.body.dataset.draftKey;
    delete document.body.dataset.draftKey;
    if (!key || !window.crypto || !window.crypto.subtle) { return null; }
    return Promise.resolve().then(function () {
      return window.crypto.subtle.importKey("raw", bytesOf(key), "AES-GCM", false, ["encrypt", "decrypt"]);
    });
  }
  var cipher = importKey();

  /* A text belongs to its user, its form and the moment at which it was typed. */
  function algorithm(nonce, key, at) {
    return { name: "AES-GCM", iv: nonce, additionalData: new TextEncoder().encode(key + " " + at) };
  }

  /* What is stored under the key; null when it is too old, or nothing of this file's. */
  function sealedUnder(key) {
    var sealed;
    try { sealed = JSON.parse(store.getItem(key)); } catch (error) { return null; }
    return sealed && sealed.nonce && sealed.text && Math.abs(Date.now() - sealed.at) < LIFE ? sealed : null;
  }

  function seal(key, draft) {
    cipher.then(function (secret) {
      var nonce = window.crypto.getRandomValues(new Uint8Array(NONCE_BYTES)), at = Date.now();
      var plain = new TextEncoder().encode(JSON.stringify(draft));
      return window.crypto.subtle.encrypt(algorithm(nonce, key, at), secret, plain).then(function (text) {
        if (texts[key] !== draft) { return; }  // typed on, or removed meanwhile
        store.setItem(key, JSON.stringify({ at: at, nonce: base64Of(nonce), text: base64Of(text) }));
      });
    }).catch(function () { /* the tab's store is full, or the key is none: nothing is kept */ });
  }

  function unseal(key, secret) {
    var sealed = sealedUnder(key);
    return Promise.resolve().then(function () {
      var how = algorithm(bytesOf(sealed.nonce), key, sealed.at);
      return window.crypto.subtle.decrypt(how, secret, bytesOf(sealed.text));
    }).then(function (plain) {
      if (!(key in texts) && store.getItem(key) !== null) { texts[key] = JSON.parse(new TextDecoder().decode(plain)); }
    }).catch(function () { if (!(key in texts)) { remove(key); } });
  }

  function read(key) { return texts[key] || null; }
  function write(key, draft) {
    if (!cipher) { return; }
    texts[key] = draft;
    seal(key, draft);
  }
  function remove(key) { delete texts[key]; store.removeItem(key); }
  function forgetAll() { texts = {}; store.clear(); }
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

  function keep(form, isSent) {
    if (!cipher) { return; }
    var key = keyOf(form);
    write(key, {
      title: form.dataset.draft, action: addressOf(form), page: location.pathname, values: valuesOf(form),
    });
    if (isSent) { mark(key); } else { store.removeItem(SENT + key); }
  }
  function mark(key) {
    try { store.setItem(SENT + key, "1"); } catch (error) { /* the tab's store is full */ }
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
    keysWith(SENT).forEach(function (mark) {
      store.removeItem(mark);
      if (user && isSaved()) { remove(mark.slice(SENT.length)); }
    });
  }

  function offer(root) {
    var forms = root.querySelectorAll("form[data-draft]");
    Array.prototype.forEach.call(forms, offerInForm);
  }

  /* Read the user's drafts and offer them. */
  function start() {
    settle();
    keysWith(PREFIX).forEach(function (key) {
      if (!sealedUnder(key) || (user && !isOwn(key))) { remove(key); }
    });
    if (!cipher) { return Promise.resolve(); }
    return cipher.then(function (secret) {
      return Promise.all(keysWith(PREFIX).map(function (key) { return unseal(key, secret); }));
    }).then(offerAll, function () { /* the key is none: nothing is kept */ });
  }

  function offerAll() {
    offer(document);
    keys().forEach(function (key) {
      var draft = read(key);
      var isShown = Array.prototype.some.call(document.querySelectorAll("form[data-draft]"), function (form) {
        return keyOf(form) === key;
      });
      if (draft.page === location.pathname && draft.action !== draft.page && !isShown) { offerOnPage(key, draft); }
    });
  }
  var started = start();

  /* For a form that keeps each of its texts by itself, under its own key and a name (minutes.js). */
  window.jobfirstDrafts = {
    started: started, keyOf: keyOf, read: read, write: write, remove: remove, forgetAll: forgetAll,
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
    if (event.target.querySelectorAll) { started.then(function () { offer(event.target); }); }
  });
})();
