// Answers that cannot be sent, as a file that only the server can read: ECDH (P-256) with a fresh key, HKDF, AES-GCM.
const OUTSIDE = ["format", "key", "attempt", "account", "made", "sender", "salt"];
const bytes = text => new TextEncoder().encode(text);
const pack = buffer => btoa(String.fromCharCode(...new Uint8Array(buffer)));
const unpack = text => Uint8Array.from(atob(text), sign => sign.charCodeAt(0));

export const canSeal = () => Boolean(globalThis.crypto && crypto.subtle);

async function seal(test, kept) {
  const { format, public: point, key, proof } = test.rescue, curve = { name: "ECDH", namedCurve: "P-256" };
  const server = await crypto.subtle.importKey("raw", unpack(point), curve, false, []);
  const own = await crypto.subtle.generateKey(curve, false, ["deriveBits"]);
  const agreed = await crypto.subtle.deriveBits({ name: "ECDH", public: server }, own.privateKey, 256);
  const salt = crypto.getRandomValues(new Uint8Array(16)), iv = crypto.getRandomValues(new Uint8Array(12));
  const base = await crypto.subtle.importKey("raw", agreed, "HKDF", false, ["deriveKey"]);
  const way = { name: "HKDF", hash: "SHA-256", salt, info: bytes(format) };
  const shared = await crypto.subtle.deriveKey(way, base, { name: "AES-GCM", length: 256 }, false, ["encrypt"]);
  const file = {
    format, key, attempt: test.attempt, account: test.account, made: new Date().toISOString(),
    sender: pack(await crypto.subtle.exportKey("raw", own.publicKey)), salt: pack(salt),
  };
  const bound = bytes(OUTSIDE.map(name => file[name]).join("|"));
  const inside = bytes(JSON.stringify({ proof, client: kept.client, items: kept.items }));
  file.iv = pack(iv);
  file.sealed = pack(await crypto.subtle.encrypt({ name: "AES-GCM", iv, additionalData: bound }, shared, inside));
  return JSON.stringify(file);
}

// Offers the file to the browser; gives its name, in which nothing personal stands.
export async function saveFile(test, kept) {
  const content = await seal(test, kept), link = document.createElement("a");
  const at = new Date().toISOString().replace(/[-:]/g, "").slice(0, 13).replace("T", "-");
  link.download = `answers-${test.attempt}-${at}.json`;
  link.href = URL.createObjectURL(new Blob([content], { type: "application/json" }));
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(link.href), 60000);
  return link.download;
}
