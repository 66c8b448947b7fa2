/** The desk's behaviour. Every page works without it; each module adds one thing. */
import "./theme.js";
import "./times.js";
import "./dialogs.js";
import "./toasts.js";
import "./keyboard.js";
import "./palette.js";
import "./inbox.js";
import "./segments.js";
import "./compose.js";
import "./chosen.js";
import "./files.js";
import "./narrow.js";
import "./looks.js";
import "./live.js";
import "./passkeys.js";
