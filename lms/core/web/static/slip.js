// A slip's QR leads to /sign-in#login=...&code=...: the part after # never leaves the phone; it fills the form.
const parts = new URLSearchParams(location.hash.slice(1));
if (parts.has("login") && document.getElementById("secret")) {
  document.getElementById("login").value = parts.get("login");
  document.getElementById("secret").value = parts.get("code") || "";
  history.replaceState(null, "", location.pathname + location.search);
}

// A switch to see what is typed.
for (const field of document.querySelectorAll("input[type=password]")) {
  const label = document.createElement("label"), box = document.createElement("input");
  label.className = "field check show-typed";
  box.type = "checkbox";
  box.className = "form-check-input";
  box.addEventListener("change", () => { field.type = box.checked ? "text" : "password"; });
  label.append(box, " ", document.body.dataset.show);
  field.after(label);
}
