/** Complaints, bounces and deferrals of thirty days, each against the limit that stops a stream; the last day stands beside. */
import { useTranslation } from "react-i18next";
import { useFormats } from "@/lib/formats";
import { BulletBar } from "@/ui/bullet-bar";
import { Why } from "@/ui/why";
import classes from "./deliverability.module.css";
import type { Counts, Limits, Stream } from "./queries";

type Rate = { key: string; limits: number[]; digits: number; of: (counts: Counts) => { rate: number | null; count: number } };

function ratesFor({ channel, warm_up }: Stream, limits: Limits): Rate[] {
  const bounces: Rate = {
    key: "bounces",
    limits: [limits.bounces_24h],
    digits: 1,
    of: (counts) => ({ rate: counts.bounce_rate, count: counts.bounced }),
  };
  const deferrals: Rate = {
    key: "deferrals",
    // Being put off stops only a domain that is still being made known (E-18).
    limits: warm_up ? [limits.deferrals_warm_up] : [],
    digits: 1,
    of: (counts) => ({ rate: counts.deferral_rate, count: counts.deferred }),
  };
  if (channel !== "EMAIL") return [bounces];
  const complaints: Rate = {
    key: "complaints",
    limits: [limits.complaints_target, limits.complaints_24h, limits.complaints_day],
    digits: 2,
    of: (counts) => ({ rate: counts.complaint_rate, count: counts.complained }),
  };
  return [complaints, bounces, deferrals];
}

export function Rates({ stream, limits }: { stream: Stream; limits: Limits }) {
  const { t } = useTranslation("deliverability");
  const { number, percent } = useFormats();
  return (
    <div className={classes.rates}>
      {ratesFor(stream, limits).map((rate) => {
        const month = rate.of(stream.last_30_days);
        const day = rate.of(stream.last_24h);
        const said = (value: number | null) => (value === null ? "–" : percent(value, rate.digits));
        return (
          <div key={rate.key} className={classes.rate}>
            <span className={classes.rateName}>
              {t(`rate.${rate.key}.name`)}
              <Why
                label={t("rate.why", { what: t(`rate.${rate.key}.name`) })}
                explanation={{
                  sentence: t(`rate.${rate.key}.sentence`),
                  facts: [
                    { label: t("rate.month"), value: `${said(month.rate)} (${number(month.count)})` },
                    { label: t("rate.day"), value: `${said(day.rate)} (${number(day.count)})` },
                  ],
                  remedy: t(`rate.${rate.key}.remedy`),
                  code: rate.key === "deferrals" ? "E-18" : "E-08",
                }}
              >
                <span className={classes.question} aria-hidden>
                  ?
                </span>
              </Why>
            </span>
            <b>{said(month.rate)}</b>
            {rate.limits.length > 0 ? (
              <BulletBar
                value={month.rate ?? 0}
                limits={rate.limits.map((at) => ({ at, label: percent(at, rate.digits) }))}
                label={t("rate.reading", {
                  what: t(`rate.${rate.key}.name`),
                  value: said(month.rate),
                  limit: percent(rate.limits.at(-1) ?? 0, rate.digits),
                })}
              />
            ) : (
              <span className={classes.quiet}>{t("rate.no_limit")}</span>
            )}
          </div>
        );
      })}
    </div>
  );
}
