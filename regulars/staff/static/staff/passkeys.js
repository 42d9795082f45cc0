// When a passkey does not work, say so: without this the library only writes to the console.
const SAID = {
  NotAllowedError: "It was cancelled or took too long. Try again when you are ready.",
  InvalidStateError: "This key is added already.",
  SecurityError:
    "Passkeys need a name in the address, such as localhost or your company's, not a number.",
  NotSupportedError: "This browser or key cannot do that. Use another, or sign in with your password.",
};

document.addEventListener("allauth.error", (event) => {
  const note = document.getElementById("passkey-problem");
  if (!note) return;
  event.preventDefault();
  note.querySelector("p").textContent =
    SAID[event.detail.exception?.name] ?? "The passkey did not work. Try again, or use your password.";
  note.hidden = false;
  note.focus();
});
