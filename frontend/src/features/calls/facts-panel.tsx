/** Who is called, in a few facts, and what was said before. Purchases are told only where the person lets them be used (C-18). */
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { useFormats } from "@/lib/formats";
import { Panel, PanelRow } from "@/ui/panel";
import classes from "./calls.module.css";
import type { Call } from "./queries";

export function FactsPanel({ call }: { call: Call }) {
  const { t } = useTranslation("calls");
  const formats = useFormats();
  const { person } = call;
  const purchase = person.last_purchase;
  const facts = [
    { label: t("facts.last_visit"), value: person.last_visit_on ? formats.relativeDay(person.last_visit_on) : t("facts.never") },
    purchase && { label: t("facts.last_purchase"), value: [purchase.products.join(", "), formats.day(purchase.bought_on)].filter(Boolean).join(" · ") },
    person.due_on && { label: t("facts.due"), value: formats.relativeDay(person.due_on) },
    { label: t("facts.attempt"), value: t("facts.attempt_of", { n: call.attempt_count + 1, most: call.most_attempts }) },
  ].filter((fact) => fact !== null && fact !== "");
  return (
    <Panel
      title={t("facts.title")}
      more={
        <Link to="/customers/$customerId" params={{ customerId: person.customer_id }}>
          {t("facts.card")}
        </Link>
      }
    >
      <PanelRow>
        <dl className={classes.facts}>
          {facts.map((fact) => fact && <Fact key={fact.label} {...fact} />)}
        </dl>
      </PanelRow>
      <PanelRow>
        <h3 className={classes.caption}>{t("earlier.title")}</h3>
        {call.earlier.length === 0 && <span className={classes.quiet}>{t("earlier.none")}</span>}
        {call.earlier.map((each) => (
          <div key={each.ended_at} className={classes.earlier}>
            <span>{formats.moment(each.ended_at)}</span>
            <span>
              {t(`outcome.${each.outcome}`)}
              {each.result && ` · ${t(`result.${each.result}`)}`}
              <span className={classes.quiet}> · {each.operator_name}</span>
              {each.note && <div className={classes.quiet}>{each.note}</div>}
            </span>
          </div>
        ))}
      </PanelRow>
    </Panel>
  );
}

function Fact({ label, value }: { label: string; value: string }) {
  return (
    <div>
      <dt>{label}</dt>
      <dd>{value}</dd>
    </div>
  );
}
