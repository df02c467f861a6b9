// A slip's QR leads to /sign-in#login=...&code=...: the part after # never leaves the phone; it fills the form.
const parts = new URLSearchParams(location.hash.slice(1));
if (parts.has("login")) {
  document.getElementById("login").value = parts.get("login");
  document.getElementById("secret").value = parts.get("code") || "";
  history.replaceState(null, "", location.pathname + location.search);
}
