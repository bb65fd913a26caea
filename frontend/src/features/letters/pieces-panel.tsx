/** Who is in a batch, piece by piece, and why somebody dropped out. */
import { SegmentedControl, Text } from "@mantine/core";
import { IconBan, IconMailForward, IconMailOpened, IconPrinter, type Icon } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { useFormats } from "@/lib/formats";
import { useReasons } from "@/lib/reasons";
import { type Column, DataTable, Pager } from "@/ui/data-table";
import { EmptyFace, Loaded } from "@/ui/faces";
import { Panel } from "@/ui/panel";
import { ToneBadge, type Tone } from "@/ui/tone-badge";
import classes from "./letters.module.css";
import { type Batch, type Piece, pieceStates, type PieceState, piecesQuery } from "./queries";

type Filter = { state?: PieceState; cursor?: string };

export function PiecesPanel({ batch, filter, onFilter }: { batch: Batch; filter: Filter; onFilter: (filter: Filter) => void }) {
  const { t } = useTranslation("letters");
  const query = useQuery(piecesQuery(batch, filter.state, filter.cursor));
  const offered = pieceStates.filter((state) => (batch.state === "posted" ? state !== "ready" : state === "ready" || state === "dropped"));
  return (
    <Panel
      mt="md"
      title={t("pieces.title")}
      more={
        <SegmentedControl
          size="xs"
          aria-label={t("pieces.show")}
          value={filter.state ?? ""}
          onChange={(state) => onFilter({ state: (state as PieceState) || undefined })}
          data={[{ value: "", label: t("pieces.all") }, ...offered.map((state) => ({ value: state, label: t(`piece.${state}`) }))]}
        />
      }
    >
      <Loaded query={query}>
        {(page) =>
          page.items.length ? (
            <>
              <Pieces pieces={page.items} isStale={query.isPlaceholderData} />
              <Pager
                nextCursor={page.next_cursor}
                previousCursor={page.prev_cursor}
                total={page.total}
                totalIsCapped={page.total_is_capped}
                onCursor={(cursor) => onFilter({ ...filter, cursor })}
              />
            </>
          ) : (
            <EmptyFace title={t("pieces.none")} />
          )
        }
      </Loaded>
    </Panel>
  );
}

const looks: Record<PieceState, [Tone, Icon]> = {
  ready: ["wait", IconPrinter],
  dropped: ["quiet", IconBan],
  posted: ["good", IconMailForward],
  returned: ["bad", IconMailOpened],
};

function Pieces({ pieces, isStale }: { pieces: Piece[]; isStale: boolean }) {
  const { t } = useTranslation("letters");
  const { number } = useFormats();
  const columns: Column<Piece>[] = [
    { key: "number", header: t("pieces.number"), align: "right", width: 64, render: (piece) => <b>{number(piece.number)}</b> },
    {
      key: "to",
      header: t("pieces.to"),
      render: (piece) => (
        <div className={classes.cell}>
          <Link to="/customers/$customerId" params={{ customerId: piece.customer_id }}>
            {piece.name || t("pieces.nameless")}
          </Link>
          <Text size="xs" c="dimmed">
            {piece.lines.join(", ") || t("pieces.forgotten")}
          </Text>
        </div>
      ),
    },
    { key: "code", header: t("pieces.code"), width: 110, isSecondary: true, render: (piece) => <code>{piece.code}</code> },
    { key: "pages", header: t("pieces.pages"), align: "right", width: 70, isSecondary: true, render: (piece) => (piece.pages ? number(piece.pages) : "–") },
    { key: "state", header: t("pieces.state"), width: 290, render: (piece) => <PieceStanding piece={piece} /> },
  ];
  return <DataTable label={t("pieces.title")} columns={columns} rows={pieces} rowKey={(piece) => piece.id} isStale={isStale} minWidth={560} />;
}

function PieceStanding({ piece }: { piece: Piece }) {
  const { t } = useTranslation("letters");
  const { day } = useFormats();
  const reasons = useReasons();
  const [tone, icon] = looks[piece.state];
  const own = piece.reason && t(`dropped.${piece.reason}`, { defaultValue: "" });
  return (
    <div className={classes.cell}>
      <ToneBadge tone={piece.must_be_removed ? "bad" : tone} icon={icon} word={piece.must_be_removed ? t("piece.remove") : t(`piece.${piece.state}`)} />
      {(piece.reason || piece.return_reason) && (
        <Text size="xs" c="dimmed" mt={2}>
          {piece.return_reason
            ? t("pieces.returned", { why: t(`returns.reasons.${piece.return_reason}`), when: piece.returned_at && day(piece.returned_at) })
            : own || reasons.sentence(piece.reason)}
        </Text>
      )}
    </div>
  );
}
