import { Button } from "@mantine/core";
import { IconBan, IconMail, IconNote } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useMay } from "@/api/me";
import { PageHeader, Fact } from "@/ui/page-header";
import { PersonMark } from "@/ui/person";
import type { Card } from "./queries";

type Props = { card: Card; isFrozen: boolean; menu?: ReactNode; onNote: () => void; onObject: () => void; onWrite: () => void };

export function CardHeader({ card, isFrozen, menu, onNote, onObject, onWrite }: Props) {
  const { t } = useTranslation("card");
  const { t: tc } = useTranslation();
  const { customer, profile } = card;
  const since = customer.first_contact_on ?? profile?.first_purchase_on;
  const loyaltyCard = customer.identifiers.find((each) => each.kind === "CARD" && !each.valid_to);
  const primary = (kind: string) =>
    customer.contact_points.find((point) => point.kind === kind && point.is_primary) ??
    customer.contact_points.find((point) => point.kind === kind);
  const reach = [primary("EMAIL")?.display, primary("PHONE")?.display, customer.city].filter(Boolean);
  const mayWrite = useMay("messages:write");
  const canBeWrittenTo = mayWrite && !customer.deceased_at && !customer.restricted_at;
  return (
    <PageHeader
      documentTitle={t("document")}
      title={customer.full_name || t("no_name")}
      leading={<PersonMark name={customer.full_name} size={52} />}
      beside={
        <>
          {customer.age_band && <Fact>{t("age", { band: customer.age_band })}</Fact>}
          {since && <Fact>{t("customer_since", { year: since.slice(0, 4) })}</Fact>}
          {loyaltyCard && <Fact>{t("card_number", { number: loyaltyCard.value })}</Fact>}
        </>
      }
      subtitle={reach.join(" · ") || t("no_contacts")}
      actions={
        !isFrozen && (
          <>
            {menu}
            <Button leftSection={<IconNote size={16} stroke={1.75} />} onClick={onNote}>
              {t("note")}
            </Button>
            <Button leftSection={<IconBan size={16} stroke={1.75} />} onClick={onObject}>
              {t("object")}
            </Button>
            {canBeWrittenTo && (
              <Button variant="filled" leftSection={<IconMail size={16} stroke={1.75} />} onClick={onWrite}>
                {tc("act.write")}
              </Button>
            )}
          </>
        )
      }
    />
  );
}
