/** Why this call is allowed now: the answer of the register, the clock of the person, and when they are best called. */
import { IconClock, IconClockPause, IconShieldCheck, IconSunrise } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { useFormats } from "@/lib/formats";
import { ToneBadge } from "@/ui/tone-badge";
import classes from "./calls.module.css";
import type { Call } from "./queries";
import { useCallWords } from "./words";

export function Stamps({ call }: { call: Call }) {
  const { t } = useTranslation("calls");
  const formats = useFormats();
  const words = useCallWords();
  const there = words.formatsOf(call);
  const [opening] = call.clock.openings;
  const { register_stamp: register, best } = call;
  const isNow = best && Date.parse(best.at) <= Date.parse(call.checked_at);
  return (
    <div className={classes.stamps}>
      {call.clock.is_open && opening ? (
        <ToneBadge tone="good" icon={IconClock} word={t("clock.open", { until: there.time(opening.closes_at) })} />
      ) : (
        opening && <ToneBadge tone="wait" icon={IconClockPause} word={t("clock.closed", { when: there.from(opening.opens_at) })} />
      )}
      {register && (
        <ToneBadge
          tone={register.listed_since ? "bad" : "good"}
          icon={IconShieldCheck}
          word={
            register.listed_since
              ? t("register.listed", { since: formats.day(register.listed_since) })
              : t("register.ok", { checked: formats.day(register.checked_at), until: formats.day(register.valid_until) })
          }
        />
      )}
      {best && (
        <span className={classes.best}>
          <IconSunrise size={16} stroke={1.75} aria-hidden />
          {words.best(best)} {isNow && best.reason !== "OPEN" && t("best.now")}
        </span>
      )}
      {call.clock.zone !== formats.timezone && (
        <span className={classes.quiet}>{t("clock.there", { time: there.time(call.checked_at), zone: call.clock.zone })}</span>
      )}
    </div>
  );
}
