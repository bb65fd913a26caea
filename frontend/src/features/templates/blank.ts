/** What a new template starts from: a text that already passes the checks, so that the first save can be the last. */
import type { Draft } from "./queries";

const words: Record<string, { subject: string; hello: string; friend: string; body: string; stop: string }> = {
  it: {
    subject: "Un saluto da {{ business.name }}",
    hello: "Gentile",
    friend: "cliente",
    body: "scriva qui il messaggio.",
    stop: "Non ricevere più queste email",
  },
  en: {
    subject: "Greetings from {{ business.name }}",
    hello: "Dear",
    friend: "customer",
    body: "write the message here.",
    stop: "Stop receiving these emails",
  },
};

function mjml(language: string): string {
  const text = words[language] ?? words["it"]!;
  return `<mjml>
  <mj-body background-color="#FAF9F7">
    <mj-section background-color="#FFFFFF">
      <mj-column>
        <mj-text font-size="16px">${text.hello} {{ customer.given_name | default: "${text.friend}" }},</mj-text>
        <mj-text font-size="16px">${text.body}</mj-text>
      </mj-column>
    </mj-section>
    <mj-section>
      <mj-column>
        <mj-text font-size="12px" color="#625E57">
          {{ why }}<br/>
          {{ business.name }}, {{ business.address }} · {{ business.email }}<br/>
          <a href="{{ unsubscribe_url }}">${text.stop}</a>
        </mj-text>
      </mj-column>
    </mj-section>
  </mj-body>
</mjml>`;
}

function plain(language: string, channel: string): string {
  const text = words[language] ?? words["it"]!;
  const hello = `${text.hello} {{ customer.given_name | default: "${text.friend}" }}, ${text.body}`;
  if (channel === "SMS") return `{{ business.name }}: ${text.body} Stop: {{ unsubscribe_url }}`;
  return `${hello}\n\n{{ why }}\n{{ business.name }}, {{ business.address }}, {{ business.email }}\n{{ unsubscribe_url }}`;
}

export function blankText(language: string, channel: string): Draft["texts"][number] {
  const subject = channel === "EMAIL" || channel === "POST" ? (words[language] ?? words["it"]!).subject : "";
  return { language, subject, body: channel === "EMAIL" ? mjml(language) : plain(language, channel) };
}

export function blankDraft(language: string): Draft {
  return {
    name: "",
    channel: "EMAIL",
    template_class: "MARKETING",
    purpose: "MKT_OWN",
    similarity_group: null,
    is_measured: false,
    texts: [blankText(language, "EMAIL")],
  };
}

/** Only an offer by mail may carry what tells that it was opened (E-20). */
export function mayBeMeasured({ channel, template_class }: Pick<Draft, "channel" | "template_class">): boolean {
  return channel === "EMAIL" && template_class === "MARKETING";
}

/** The purposes a text of one class may have: a service notice never carries an offer (D-05). */
export function purposesOf(templateClass: string): Draft["purpose"][] {
  return templateClass === "MARKETING" ? ["MKT_OWN", "MARKET_RESEARCH"] : ["SERVICE", "LEGAL_SAFETY", "LOYALTY"];
}
