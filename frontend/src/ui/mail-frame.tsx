/** A mail as its reader sees it, in a frame that runs nothing, opens nothing and loads nothing from outside. */
import classes from "./mail-frame.module.css";

const policy = "default-src 'none'; style-src 'unsafe-inline'; img-src data: cid:; font-src data:";

/** The frame has no scripts to hold back and no origin to leak; the policy also keeps remote pictures away. */
function sealed(html: string): string {
  const head = `<meta http-equiv="Content-Security-Policy" content="${policy}"><meta name="referrer" content="no-referrer"><base target="_blank">`;
  return html.includes("<head>") ? html.replace("<head>", `<head>${head}`) : `${head}${html}`;
}

export function MailFrame({ html, title, height = 460 }: { html: string; title: string; height?: number | string }) {
  return <iframe className={classes.frame} style={{ height }} title={title} srcDoc={sealed(html)} sandbox="" referrerPolicy="no-referrer" />;
}

/** The plain part of a mail, an SMS or a letter; `marked` are single characters to be seen at a glance. */
export function MailText({ text, marked = [] }: { text: string; marked?: string[] }) {
  const pieces = marked.length ? Array.from(text) : [text];
  return (
    <pre className={classes.text}>
      {pieces.map((piece, index) => (marked.includes(piece) ? <mark key={index}>{piece}</mark> : piece))}
    </pre>
  );
}
