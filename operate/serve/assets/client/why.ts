import type { Explanation } from "../../source";
import { html } from "./dom";
import { clockTime } from "./words";

/** The button that asks the gateway's logs, and what they say. */
export class Why {
  readonly node = html("section", { class: "why" });
  private readonly button = html(
    "button",
    { type: "button", class: "primary" },
    "Why is it like this?",
  );
  private readonly answer = html("div", { class: "answer", "aria-live": "polite" });

  constructor(
    private readonly tunnel: string,
    explains: boolean,
  ) {
    this.node.append(this.button, this.answer);
    if (!explains) {
      // Not `disabled`: a reader must be able to come here and learn why.
      this.button.setAttribute("aria-disabled", "true");
      this.button.textContent = "This server cannot explain";
      return;
    }
    this.button.addEventListener("click", () => {
      if (this.button.getAttribute("aria-disabled") !== "true") void this.ask();
    });
  }

  private async ask(): Promise<void> {
    this.button.setAttribute("aria-disabled", "true");
    this.answer.replaceChildren(html("p", { class: "quiet" }, "Reading the gateway's logs…"));
    try {
      const reply = await fetch(`/api/why?name=${encodeURIComponent(this.tunnel)}`);
      const body = (await reply.json()) as Explanation | { readonly error: string };
      this.answer.replaceChildren(...("error" in body ? failure(body.error) : explanation(body)));
    } catch {
      this.answer.replaceChildren(...failure("The server does not answer."));
    }
    this.button.removeAttribute("aria-disabled");
    this.button.textContent = "Ask again";
  }
}

function failure(text: string): HTMLElement[] {
  return [html("p", { class: "note" }, `No explanation: ${text}`)];
}

function explanation({ cause, fix, tellPeer, evidence }: Explanation): HTMLElement[] {
  const parts: HTMLElement[] = [html("p", { class: "cause" }, cause)];
  if (fix !== undefined) parts.push(html("h3", {}, "What to do here"), html("p", {}, fix));
  if (tellPeer !== undefined) {
    parts.push(html("h3", {}, "What to tell the other side"), html("blockquote", {}, tellPeer));
  }
  if (evidence.length > 0) {
    const lines = evidence.map(({ at, text }) =>
      html(
        "li",
        {},
        ...(at === undefined ? [] : [html("time", { datetime: at }, time(at)), " "]),
        text,
      ),
    );
    parts.push(html("h3", {}, "Seen"), html("ol", { class: "evidence" }, ...lines));
  }
  return parts;
}

/** Logs have times of many forms; what is none of ours is shown as it is. */
function time(at: string): string {
  return /^\d{4}-\d\d-\d\dT/.test(at) ? clockTime(at) : at;
}
