import { Group, Text } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { useFormats } from "@/lib/formats";
import { aboveRowLink, rowLink, type Column } from "@/ui/data-table";
import { PermissionBadge } from "@/ui/permission-badge";
import { RhythmStrip } from "@/ui/rhythm-strip";
import { Why } from "@/ui/why";
import classes from "./customers.module.css";
import type { CustomerRow, Found } from "./queries";

function Name({ id, name }: { id: string; name: string }) {
  const { t } = useTranslation("customers");
  return (
    <Link to="/customers/$customerId" params={{ customerId: id }} className={rowLink}>
      {name || t("no_name")}
    </Link>
  );
}

type Answer = Pick<CustomerRow["email_permission"], "verdict" | "family" | "reason" | "rule_id" | "sentence" | "remedy" | "until">;

function EmailAnswer({ name, permission }: { name: string; permission: Answer }) {
  const { t } = useTranslation("customers");
  const formats = useFormats();
  return (
    <span className={aboveRowLink}>
      <Why
        label={t("email_why", { name, sentence: permission.sentence })}
        explanation={{
          sentence: permission.sentence,
          remedy: permission.verdict === "ALLOW" ? undefined : permission.remedy,
          code: [permission.rule_id, permission.reason].filter(Boolean).join(" · "),
        }}
      >
        <PermissionBadge
          family={permission.family}
          word={permission.family === "allowed" ? t("email") : undefined}
          when={permission.until ? formats.from(permission.until) : null}
        />
      </Why>
    </span>
  );
}

export function useCustomerColumns(): Column<CustomerRow>[] {
  const { t } = useTranslation("customers");
  const formats = useFormats();
  return [
    { key: "name", header: t("column.name"), render: (row) => <Name id={row.id} name={row.full_name} /> },
    { key: "city", header: t("city"), isSecondary: true, render: (row) => row.city ?? "–" },
    {
      key: "last",
      header: t("column.last"),
      align: "right",
      render: (row) => (row.last_purchase_on ? formats.relativeDay(row.last_purchase_on) : "–"),
    },
    { key: "year", header: t("column.year"), align: "right", render: (row) => formats.money(row.revenue_12m) },
    { key: "visits", header: t("column.visits"), align: "right", isSecondary: true, render: (row) => formats.number(row.visit_days) },
    {
      key: "next",
      header: t("column.next"),
      render: (row) => (
        <Group gap="sm" wrap="nowrap">
          {row.recent_visits.length > 0 && (
            <RhythmStrip visits={row.recent_visits} likelyFrom={row.likely_from} likelyTo={row.likely_to} width={110} height={22} />
          )}
          <Text size="xs" c="dimmed" className={classes.next}>
            {row.stage ? t(`stage_short.${row.stage}`) : "–"}
          </Text>
        </Group>
      ),
    },
    {
      key: "write",
      header: t("column.write"),
      render: (row) => <EmailAnswer name={row.full_name} permission={row.email_permission} />,
    },
  ];
}

export function useFoundColumns(emails: Map<string, Answer> | undefined): Column<Found>[] {
  const { t } = useTranslation("customers");
  return [
    { key: "name", header: t("column.name"), render: (row) => <Name id={row.id} name={row.full_name} /> },
    { key: "city", header: t("city"), render: (row) => row.city ?? "–" },
    { key: "phone", header: t("column.phone"), render: (row) => (row.phone_end ? `… ${row.phone_end}` : "–") },
    { key: "card", header: t("column.card"), isSecondary: true, render: (row) => (row.card_end ? `… ${row.card_end}` : "–") },
    {
      key: "write",
      header: t("column.write"),
      render: (row) => {
        const permission = emails?.get(row.id);
        return permission && <EmailAnswer name={row.full_name} permission={permission} />;
      },
    },
  ];
}
