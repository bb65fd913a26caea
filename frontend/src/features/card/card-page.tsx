/** Five seconds to know who this is, whether they are due, and whether we may write (UX §4.4). */
import { Button, Skeleton, Stack } from "@mantine/core";
import { IconCertificate } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { lazy, Suspense, useEffect, useRef, useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { asProblem } from "@/api/problem";
import { useFormats } from "@/lib/formats";
import { useKeys } from "@/lib/keys";
import { Late, ProblemFace, SkeletonRows } from "@/ui/faces";
import { PageHeader } from "@/ui/page-header";
import { CardHeader } from "./card-header";
import classes from "./card.module.css";
import { certificateAddress } from "./consents/queries";
import { ContactsPanel } from "./contacts-panel";
import { DataTab } from "./data-tab";
import { FiveSeconds } from "./five-seconds";
import { LabelsPanel } from "./labels-panel";
import { NotesPanel } from "./notes-panel";
import { ObjectionModal } from "./objection-modal";
import { PermissionsPanel } from "./permissions-panel";
import { PurchasesTab } from "./purchases-tab";
import { cardOptions, type Card } from "./queries";
import { RhythmPanel } from "./rhythm-panel";
import { StoryTab } from "./story-tab";
import { TabbedPanel } from "./tabbed-panel";
import { WhyToday } from "./why-today";

// The proofs are read now and then, the card all day.
const ConsentsTab = lazy(() => import("./consents/consents-tab").then((file) => ({ default: file.ConsentsTab })));

export type CardTab = "story" | "purchases" | "consents" | "data";

type Props = {
  customerId: string;
  tab: CardTab;
  onTab: (tab: CardTab) => void;
  /** A past day to see the permissions of; every act is frozen then. */
  asOf: string | undefined;
  onAsOf: (day: string | undefined) => void;
  onWrite: (person: { id: string; name: string }) => void;
  /** This card became part of another one: the address leads there. */
  onMergedInto?: (customerId: string) => void;
  /** Panels of other features, drawn when they come; nothing waits for them. */
  stripe?: ReactNode;
  aside?: (isFrozen: boolean) => ReactNode;
  menu?: ReactNode;
};

export function CardPage(props: Props) {
  const { t } = useTranslation("card");
  const card = useQuery(cardOptions(props.customerId));
  const { onMergedInto } = props;
  const mergedInto = card.error ? asProblem(card.error).facts["merged_into"] : null;
  useEffect(() => {
    if (typeof mergedInto === "string") onMergedInto?.(mergedInto);
  }, [mergedInto, onMergedInto]);
  if (card.data) return <OpenCard {...props} card={card.data} />;
  if (card.error) {
    return (
      <>
        <PageHeader documentTitle={t("document")} title={t("document")} />
        <ProblemFace error={card.error} onRetry={() => void card.refetch()} />
      </>
    );
  }
  return (
    <Late>
      <Stack gap="lg">
        <Skeleton height={56} width={420} />
        <Skeleton height={88} />
        <Skeleton height={260} />
      </Stack>
    </Late>
  );
}

function OpenCard({ card, customerId, tab, onTab, asOf, onAsOf, onWrite, stripe, aside, menu }: Props & { card: Card }) {
  const { t } = useTranslation("card");
  const formats = useFormats();
  const noteField = useRef<HTMLTextAreaElement>(null);
  const [isObjecting, setObjecting] = useState(false);
  const { customer } = card;
  const isFrozen = asOf !== undefined;
  const isGone = customer.erased_at !== null;

  useKeys({
    n: () => noteField.current?.focus(),
    w: () => document.querySelector<HTMLElement>("[data-why]")?.focus(),
  });

  if (isGone) return <ErasedCard customerId={customer.id} at={customer.erased_at} />;
  return (
    <div data-frozen={isFrozen || undefined} className={classes.card}>
      <CardHeader
        card={card}
        isFrozen={isFrozen}
        menu={menu}
        onNote={() => noteField.current?.focus()}
        onObject={() => setObjecting(true)}
        onWrite={() => onWrite({ id: customer.id, name: customer.full_name })}
      />
      <Stripe card={card} otherwise={stripe} />
      {isFrozen && (
        <div className={classes.stripe} role="status">
          {t("as_of.looking", { day: formats.longDay(asOf) })}
          <Button size="xs" onClick={() => onAsOf(undefined)}>
            {t("as_of.now")}
          </Button>
        </div>
      )}
      <FiveSeconds card={card} />
      <div className={classes.columns}>
        <div className={classes.column}>
          <PermissionsPanel customer={customer} asOf={asOf} onAsOf={onAsOf} onObject={() => setObjecting(true)} />
          <RhythmPanel card={card} onPurchases={() => onTab("purchases")} />
          <TabbedPanel tab={tab} onTab={onTab}>
            {tab === "story" && <StoryTab customerId={customerId} />}
            {tab === "purchases" && <PurchasesTab customerId={customerId} />}
            {tab === "consents" && (
              <Suspense fallback={<SkeletonRows rows={5} />}>
                <ConsentsTab customer={customer} isFrozen={isFrozen} asOf={asOf} />
              </Suspense>
            )}
            {tab === "data" && <DataTab customerId={customerId} isFrozen={isFrozen} />}
          </TabbedPanel>
        </div>
        <div className={classes.column}>
          <WhyToday card={card} />
          <NotesPanel customerId={customerId} field={noteField} isFrozen={isFrozen} />
          <LabelsPanel customer={customer} isFrozen={isFrozen} />
          <ContactsPanel customer={customer} isFrozen={isFrozen} />
          {aside?.(isFrozen)}
        </div>
      </div>
      <ObjectionModal customer={customer} isOpen={isObjecting} onClose={() => setObjecting(false)} />
    </div>
  );
}

/** The one thing that overrides all others, if there is one. */
function Stripe({ card, otherwise }: { card: Card; otherwise: ReactNode }) {
  const { t } = useTranslation("card");
  const formats = useFormats();
  const { customer } = card;
  let says: ReactNode = null;
  if (customer.deceased_at) says = t("stripe.deceased");
  else if (customer.restricted_at) says = t("stripe.restricted", { day: formats.longDay(customer.restricted_at) });
  else if (customer.is_minor_flagged) says = t("stripe.minor");
  return says ? (
    <div className={classes.stripe} data-serious role="status">
      {says}
    </div>
  ) : (
    otherwise
  );
}

function ErasedCard({ customerId, at }: { customerId: string; at: string | null }) {
  const { t } = useTranslation("card");
  const formats = useFormats();
  return (
    <PageHeader
      documentTitle={t("document")}
      title={t("erased")}
      subtitle={at && t("erased_on", { day: formats.longDay(at) })}
      actions={
        <Button component="a" href={certificateAddress(customerId)} target="_blank" rel="noopener" leftSection={<IconCertificate size={16} stroke={1.75} aria-hidden />}>
          {t("ledger.certificate")}
        </Button>
      }
    />
  );
}
