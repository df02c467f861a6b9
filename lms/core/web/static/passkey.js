// Passkeys: a button asks the server for a question and the device for its answer, and sends the form with it.
const bytes = text => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), sign => sign.charCodeAt(0));
const text = buffer => btoa(String.fromCharCode(...new Uint8Array(buffer)))
  .replace(/\+/g, "-").replace(/\//g, "_").replace(/=/g, "");
const keys = list => (list || []).map(one => ({...one, id: bytes(one.id)}));

function asked(question) {
  const all = {...question, challenge: bytes(question.challenge)};
  if (question.user) all.user = {...question.user, id: bytes(question.user.id)};
  if (question.excludeCredentials) all.excludeCredentials = keys(question.excludeCredentials);
  if (question.allowCredentials) all.allowCredentials = keys(question.allowCredentials);
  return {publicKey: all};
}

function answered(credential) {
  const said = credential.response, response = {clientDataJSON: text(said.clientDataJSON)};
  for (const part of ["attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (said[part]) response[part] = text(said[part]);
  }
  if (said.getTransports) response.transports = said.getTransports();
  return JSON.stringify({id: credential.id, rawId: text(credential.rawId), type: credential.type, response,
    clientExtensionResults: {}});
}

async function answer(form) {
  const reply = await fetch(form.dataset.question, {method: "POST", body: new FormData(form)});
  const question = await reply.json();
  if (!reply.ok) return {sentence: question.sentence};
  return {answer: answered(await navigator.credentials[form.dataset.passkey](asked(question)))};
}

for (const form of document.querySelectorAll("form[data-passkey]")) {
  const wrong = form.querySelector(".wrong-words[role=alert]"), button = form.querySelector("button");
  const field = form.querySelector("input[name=answer]");
  const none = form.parentNode.querySelector("[data-passkey-none]");
  if (!window.PublicKeyCredential) {
    none.textContent = form.dataset.unknown;
    continue;
  }
  none.hidden = true;
  form.hidden = false;
  form.addEventListener("submit", async event => {
    event.preventDefault();
    button.disabled = true;
    wrong.hidden = true;
    const given = await answer(form).catch(() => ({sentence: form.dataset.failed}));
    button.disabled = false;
    if (given.answer) {
      field.value = given.answer;
      form.submit();
      return;
    }
    wrong.textContent = given.sentence || form.dataset.failed;
    wrong.hidden = false;
  });
}
