/** What this person said, word for word and with its proof: the ledger as an inspector would read it, years later. */
import { Anchor, Button, Menu, Text, UnstyledButton } from "@mantine/core";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { IconBan, IconCertificate, IconCircleCheck, IconForms, IconPrinter, IconShieldCheck, IconShieldX, IconZoomQuestion } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useFormats } from "@/lib/formats";
import { EmptyFace, Loaded } from "@/ui/faces";
import classes from "@/features/card/card.module.css";
import type { Customer } from "@/features/card/queries";
import { FilledFormModal } from "./filled-form-modal";
import { GateDrawer } from "./gate-drawer";
import { certificateAddress, evidenceAddress, ledgerOptions, paperFormAddress, verificationOptions, type LedgerEntry } from "./queries";

type Props = { customer: Customer; isFrozen: boolean; asOf?: string };

export function ConsentsTab({ customer, isFrozen, asOf }: Props) {
  const { t } = useTranslation("card");
  const ledger = useInfiniteQuery(ledgerOptions(customer.id));
  const [isFilling, setFilling] = useState(false);
  const [isAsking, setAsking] = useState(false);
  return (
    <>
      <div className={classes.ledgerActs}>
        <Verification customerId={customer.id} />
        <div className={`${classes.ledgerButtons} no-print`}>
          {!isFrozen && (
            <Button size="xs" leftSection={<IconForms size={15} stroke={1.75} aria-hidden />} onClick={() => setFilling(true)}>
              {t("ledger.signed_form")}
            </Button>
          )}
          <Button size="xs" leftSection={<IconZoomQuestion size={15} stroke={1.75} aria-hidden />} onClick={() => setAsking(true)}>
            {t("ledger.ask_gate")}
          </Button>
          <Papers customerId={customer.id} asOf={asOf} />
        </div>
      </div>
      <Loaded query={ledger}>
        {(pages) => {
          const entries = pages.pages.flatMap((page) => page.items);
          if (entries.length === 0) return <EmptyFace title={t("story_empty.consents")} detail={t("ledger.empty")} />;
          return (
            <ol className={classes.story}>
              {entries.map((entry) => (
                <Entry key={entry.id} entry={entry} />
              ))}
            </ol>
          );
        }}
      </Loaded>
      {ledger.hasNextPage && (
        <div className={classes.older}>
          <Button variant="subtle" onClick={() => void ledger.fetchNextPage()} loading={ledger.isFetchingNextPage}>
            {t("older")}
          </Button>
        </div>
      )}
      {isFilling && <FilledFormModal customer={customer} onClose={() => setFilling(false)} />}
      <GateDrawer customerId={customer.id} isOpen={isAsking} onClose={() => setAsking(false)} />
    </>
  );
}

/** The seal of the ledger: computed again from every entry whenever somebody looks. */
function Verification({ customerId }: { customerId: string }) {
  const { t } = useTranslation("card");
  const formats = useFormats();
  const { data } = useQuery(verificationOptions(customerId));
  if (!data) return <span />;
  const entries = data.chains.reduce((sum, chain) => sum + chain.entries_count, 0);
  if (entries === 0) return <span />;
  const Drawn = data.is_ok ? IconShieldCheck : IconShieldX;
  return (
    <Text size="sm" role="status" className={data.is_ok ? classes.allowedText : classes.denied}>
      <Drawn size={16} stroke={1.75} aria-hidden className={classes.inlineIcon} />{" "}
      {data.is_ok
        ? t("ledger.verified", { count: entries, at: formats.moment(data.verified_at) })
        : t("ledger.broken", { count: data.faults.length, seq: data.faults.map((each) => each.seq ?? "?").join(", ") })}
    </Text>
  );
}

/** What goes on paper: the certificate, today's or of the day looked at, and the form to sign. */
function Papers({ customerId, asOf }: { customerId: string; asOf?: string }) {
  const { t } = useTranslation("card");
  const formats = useFormats();
  return (
    <Menu position="bottom-end" withinPortal>
      <Menu.Target>
        <Button size="xs" leftSection={<IconPrinter size={15} stroke={1.75} aria-hidden />}>
          {t("ledger.papers")}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item component="a" href={certificateAddress(customerId)} target="_blank" rel="noopener" leftSection={<IconCertificate size={16} stroke={1.75} aria-hidden />}>
          {t("ledger.certificate")}
        </Menu.Item>
        {asOf && (
          <Menu.Item component="a" href={certificateAddress(customerId, formats.endOfDay(asOf))} target="_blank" rel="noopener" leftSection={<IconCertificate size={16} stroke={1.75} aria-hidden />}>
            {t("ledger.certificate_then", { day: formats.longDay(asOf) })}
          </Menu.Item>
        )}
        <Menu.Item component="a" href={paperFormAddress(customerId)} target="_blank" rel="noopener" leftSection={<IconForms size={16} stroke={1.75} aria-hidden />}>
          {t("ledger.paper_form")}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

const refusing = new Set<LedgerEntry["action"]>(["DENY", "WITHDRAW", "OBJECT", "INVALIDATE", "EXPIRE"]);

function Entry({ entry }: { entry: LedgerEntry }) {
  const { t } = useTranslation("card");
  const { t: tc } = useTranslation();
  const formats = useFormats();
  const [isOpen, setOpen] = useState(false);
  const Drawn = refusing.has(entry.action) ? IconBan : IconCircleCheck;
  const purpose = [tc(`purpose.${entry.purpose}`), entry.recipient_name].filter(Boolean).join(": ");
  const said = t(`entry.action.${entry.action}`, { purpose, channel: entry.channel ? tc(`channel.${entry.channel}`) : tc("channel.all") });
  const isUnproven = !entry.is_proven && (entry.action === "GRANT" || entry.action === "GRANT_PENDING");
  return (
    <li className={classes.entry}>
      <span className={classes.entryIcon}>
        <Drawn size={16} stroke={1.75} aria-hidden />
      </span>
      <div className={classes.entryWords}>
        <b>{said}</b>
        <Text size="xs" c="dimmed" title={formats.full(entry.occurred_at)}>
          {[formats.relativeDay(entry.occurred_at), t(`method.${entry.method}`), t(`ledger.party.${entry.party}`)].join(" · ")}
          {isUnproven && <span className={classes.denied}> · {t("entry.unproven")}</span>}
        </Text>
        {isOpen && <Proof entry={entry} />}
      </div>
      <UnstyledButton className={classes.link} onClick={() => setOpen(!isOpen)} aria-expanded={isOpen} aria-label={`${t("ledger.proof")}: ${said}`}>
        {t(isOpen ? "ledger.less" : "ledger.proof")}
      </UnstyledButton>
    </li>
  );
}

function Proof({ entry }: { entry: LedgerEntry }) {
  const { t } = useTranslation("card");
  const formats = useFormats();
  return (
    <div className={classes.proof}>
      {entry.notice && (
        <blockquote className={classes.notice} lang={entry.notice.language}>
          «{entry.notice.text}»
          <footer>
            {t("ledger.text", { name: entry.notice.name, version: entry.notice.version, hash: (entry.text_sha256 ?? "").slice(0, 12) })}
          </footer>
        </blockquote>
      )}
      {!entry.notice && entry.action === "GRANT" && <Text size="xs">{t("ledger.no_text")}</Text>}
      {entry.evidence.map((proof, index) => (
        <Text size="xs" key={`${proof.type}-${index}`}>
          {[t(`ledger.evidence.${proof.type}`, { defaultValue: proof.type }), proof.note, proof.uri].filter(Boolean).join(" · ")}
          {proof.sha256 && (
            <>
              {" · "}
              {proof.is_held ? (
                <Anchor href={evidenceAddress(proof.sha256)} size="xs" download>
                  {t("ledger.open_scan")}
                </Anchor>
              ) : (
                t("ledger.held_elsewhere")
              )}{" "}
              <code>{proof.sha256.slice(0, 12)}…</code>
            </>
          )}
        </Text>
      ))}
      <Text size="xs" c="dimmed">
        {t("ledger.recorded", { at: formats.moment(entry.recorded_at), who: entry.actor_name || t(`ledger.party.${entry.party}`) })}
      </Text>
    </div>
  );
}
