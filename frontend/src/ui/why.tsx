/** «Perché?»: one sentence, the facts, what would change it, the proof. Fed by the API's explanation, never composed here. */
import { Anchor, CopyButton, Popover, Stack, Text, UnstyledButton } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconHelpCircle } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import classes from "./why.module.css";

export type Explanation = {
  sentence: ReactNode;
  facts?: { label: ReactNode; value?: ReactNode }[];
  remedy?: ReactNode;
  evidence?: { label: ReactNode; at?: ReactNode }[];
  /** Moment the answer holds for, already in words. */
  asOf?: string;
  /** Rule id and reason code, shown small and copyable. */
  code?: string;
};

type Props = {
  explanation: Explanation;
  /** What opens it; a plain «Perché?» link otherwise. */
  children?: ReactNode;
  label?: string;
  /** Acts that belong to the answer, e.g. «Registra…». */
  actions?: ReactNode | ((close: () => void) => ReactNode);
  width?: number;
};

export function Why({ explanation, children, label, actions, width = 360 }: Props) {
  const { t } = useTranslation();
  const [isOpen, { toggle, close }] = useDisclosure(false);
  return (
    <Popover opened={isOpen} onChange={(open) => !open && close()} width={width} position="bottom-start" trapFocus returnFocus withinPortal>
      <Popover.Target>
        <UnstyledButton className={children ? classes.wrap : classes.link} onClick={toggle} aria-label={label} aria-expanded={isOpen} data-why>
          {children ?? (
            <>
              <IconHelpCircle size={15} stroke={1.75} aria-hidden /> {t("why.ask")}
            </>
          )}
        </UnstyledButton>
      </Popover.Target>
      <Popover.Dropdown p="lg" className={classes.dropdown}>
        <WhyBody explanation={explanation} />
        {typeof actions === "function" ? actions(close) : actions}
      </Popover.Dropdown>
    </Popover>
  );
}

export function WhyBody({ explanation }: { explanation: Explanation }) {
  const { t } = useTranslation();
  const { sentence, facts = [], remedy, evidence = [], asOf, code } = explanation;
  return (
    <Stack gap="sm">
      <Text fw={600} lh={1.4}>
        {sentence}
      </Text>
      {facts.length > 0 && (
        <dl className={classes.facts}>
          {facts.map((fact, index) => (
            <div key={index}>
              <dt>{fact.label}</dt>
              {fact.value !== undefined && <dd>{fact.value}</dd>}
            </div>
          ))}
        </dl>
      )}
      {remedy && (
        <div>
          <Text className={classes.caption}>{t("why.remedy")}</Text>
          <Text size="sm">{remedy}</Text>
        </div>
      )}
      {evidence.length > 0 && (
        <div>
          <Text className={classes.caption}>{t("why.evidence")}</Text>
          {evidence.map((proof, index) => (
            <Text size="sm" key={index}>
              {proof.label}
              {proof.at && <Text span c="dimmed" size="xs">{` · ${String(proof.at)}`}</Text>}
            </Text>
          ))}
        </div>
      )}
      {(asOf || code) && (
        <Text size="xs" c="dimmed">
          {asOf && t("why.as_of", { at: asOf })}
          {asOf && code && " · "}
          {code && (
            <CopyButton value={code}>
              {({ copied, copy }) => (
                <Anchor component="button" type="button" size="xs" c="dimmed" onClick={copy} title={t("why.copy")}>
                  {copied ? t("why.copied") : code}
                </Anchor>
              )}
            </CopyButton>
          )}
        </Text>
      )}
    </Stack>
  );
}
