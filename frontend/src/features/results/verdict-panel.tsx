/** The verdict in one sentence, written by the server, beside the three checks that allow it. */
import { List, Popover, Text, UnstyledButton } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconHelpCircle } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { useFormats } from "@/lib/formats";
import { Panel } from "@/ui/panel";
import { type Family, PermissionBadge } from "@/ui/permission-badge";
import type { Results } from "./queries";
import classes from "./results.module.css";

export function VerdictPanel({ results }: { results: Results }) {
  const { t } = useTranslation("results");
  const { number } = useFormats();
  const control = results.arms.find((arm) => isControl(arm.arm));
  const people = results.incremental.people;
  const isJudged = results.verdict.code === "worked" || results.verdict.code === "harmed";
  return (
    <Panel className={classes.verdict} aria-label={t("verdict.heading")}>
      <div className={classes.words}>
        <Text size="sm" c="dimmed" fw={550}>
          {t("verdict.heading")}
        </Text>
        <p className={classes.sentence} data-verdict={results.verdict.code}>
          {results.verdict.sentence}
        </p>
        <Text c="dimmed">
          {isJudged && people && <>{t("verdict.best", { people: number(Math.round(people.estimate)) })} </>}
          {(isJudged || results.verdict.code === "none") && control && t("verdict.basis", { count: control.people, formatted: number(control.people) })}
          {results.state === "open" && results.verdict.code !== "off" && t("verdict.open_note")}
        </Text>
      </div>
      <div className={classes.checks}>
        <Checks results={results} />
        <Trust p={results.srm_p} />
      </div>
    </Panel>
  );
}

export const isControl = (arm: string) => arm.toLowerCase() === "control";

function Checks({ results }: { results: Results }) {
  const { t } = useTranslation("results");
  const { number, percent, day } = useFormats();
  const { planned_n: planned, needed_n: needed, detectable_points: points, srm_p: p, closes_on: closes, arms, state } = results;
  const treated = arms.find((arm) => !isControl(arm.arm));
  const control = arms.find((arm) => isControl(arm.arm));
  const assigned = (treated?.people ?? 0) + (control?.people ?? 0);
  const isEnough = needed !== null && planned >= needed;
  const isBalanced = p === null || p >= 0.001;
  return (
    <>
      {needed !== null && (
        <Check
          family={isEnough ? "allowed" : "later"}
          word={t(isEnough ? "check.people_ok" : "check.people_short")}
          detail={t(isEnough ? "check.people_detail" : "check.people_detail_short", { planned: number(planned), needed: number(needed), points: number(Math.ceil(points ?? 0)) })}
        />
      )}
      {control && treated && assigned > 0 ? (
        <Check
          family={isBalanced ? "allowed" : "said_no"}
          word={t(isBalanced ? "check.balance_ok" : "check.balance_bad")}
          detail={t("check.balance_detail", { treated: percent(treated.people / assigned), control: percent(control.people / assigned) })}
        />
      ) : (
        <Check family="not_asked" word={t("check.balance_none")} />
      )}
      <Check
        family={state === "closed" ? "allowed" : "later"}
        word={t(state === "closed" ? "check.period_ok" : "check.period_open")}
        detail={closes ? t(state === "closed" ? "check.period_detail_closed" : "check.period_detail_open", { date: day(closes) }) : undefined}
      />
    </>
  );
}

function Check({ family, word, detail }: { family: Family; word: string; detail?: string }) {
  return (
    <div className={classes.check}>
      <PermissionBadge family={family} word={word} />
      <Text size="xs" c="dimmed">
        {detail}
      </Text>
    </div>
  );
}

function Trust({ p }: { p: number | null }) {
  const { t } = useTranslation("results");
  const { decimal } = useFormats();
  const [isOpen, { toggle, close }] = useDisclosure(false);
  return (
    <Popover opened={isOpen} onChange={(open) => !open && close()} width={380} position="bottom-end" trapFocus returnFocus>
      <Popover.Target>
        <UnstyledButton onClick={toggle} aria-expanded={isOpen} className={classes.trust}>
          <IconHelpCircle size={16} stroke={1.75} aria-hidden /> {t("trust.button")}
        </UnstyledButton>
      </Popover.Target>
      <Popover.Dropdown p="lg">
        <Text fw={600} mb="xs">
          {t("trust.title")}
        </Text>
        <List size="sm" spacing={6}>
          {["one", "two", "three", "four"].map((reason) => (
            <List.Item key={reason}>{t(`trust.${reason}`)}</List.Item>
          ))}
        </List>
        {p !== null && (
          <Text size="xs" c="dimmed" mt="sm">
            {t("trust.balance_p", { p: decimal(p, 3) })}
          </Text>
        )}
      </Popover.Dropdown>
    </Popover>
  );
}
