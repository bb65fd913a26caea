/** Who the tree chooses now: the exact count, whom we may write to, what was lost to profiling, and some people with their because. */
import { Button, Loader, Text } from "@mantine/core";
import { useQuery, type UseQueryResult } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { IconUsers } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { asProblem } from "@/api/problem";
import { useFormats } from "@/lib/formats";
import { EmptyFace, SkeletonRows } from "@/ui/faces";
import { Panel, PanelBody, PanelRow } from "@/ui/panel";
import { PermissionBadge } from "@/ui/permission-badge";
import { type RemoteOption, RemoteSelect } from "@/ui/remote-select";
import { type Preview, membershipQuery, searchPeople } from "./queries";
import classes from "./segments.module.css";

type Props = { preview: UseQueryResult<Preview>; isSettling: boolean; savedId: string | null };

export function PeoplePanel({ preview, isSettling, savedId }: Props) {
  const { t } = useTranslation("segments");
  const { data, error } = preview;
  const isStale = isSettling || preview.isPlaceholderData;
  return (
    <Panel className={classes.people} aria-label={t("people.title")}>
      {error && !preview.isFetching ? (
        <PanelBody pt="md">
          <Text fw={600} role="alert">
            {t(asProblem(error).status === 422 ? "people.invalid" : "people.failed")}
          </Text>
          <Text size="sm" c="dimmed" mb="sm">
            {asProblem(error).errors[0]?.message ?? asProblem(error).detail}
          </Text>
          <Button size="xs" onClick={() => void preview.refetch()}>
            {t("people.retry")}
          </Button>
        </PanelBody>
      ) : data ? (
        <Counted preview={data} isStale={isStale} isSlow={preview.isFetching} savedId={savedId} />
      ) : (
        <SkeletonRows rows={4} />
      )}
    </Panel>
  );
}

function Counted({ preview, isStale, isSlow, savedId }: { preview: Preview; isStale: boolean; isSlow: boolean; savedId: string | null }) {
  const { t } = useTranslation("segments");
  const { number, decimal } = useFormats();
  return (
    <>
      <PanelBody pt="md">
        <div className={classes.count} data-stale={isStale || undefined} role="status" aria-live="polite">
          {t("people.count", { count: preview.count, formatted: number(preview.count) })}
        </div>
        <Text size="xs" c="dimmed" h={18}>
          {isSlow ? (
            <>
              <Loader size={10} mr={6} />
              {t("people.counting")}
            </>
          ) : (
            t("people.exact", { seconds: decimal(preview.took_ms / 1000) })
          )}
        </Text>
      </PanelBody>
      {preview.reach && <Reach reach={preview.reach} of={preview.count} />}
      {preview.uses_purchases && <Profiling lost={preview.lost_to_profiling} />}
      {preview.count === 0 ? (
        <EmptyFace icon={<IconUsers size={28} stroke={1.5} />} title={t("people.empty")} detail={t("people.empty_detail")} />
      ) : (
        <Sample preview={preview} />
      )}
      {savedId && <WhoIsInside id={savedId} />}
    </>
  );
}

function Reach({ reach, of }: { reach: Record<string, number>; of: number }) {
  const { t } = useTranslation(["segments", "common"]);
  const { number } = useFormats();
  return (
    <PanelRow>
      <Text size="xs" c="dimmed" mb={6}>
        {t("people.reach")}
      </Text>
      {Object.entries(reach).map(([channel, people]) => (
        <div key={channel} className={classes.reach}>
          <span>{t(`common:channel.${channel}`)}</span>
          <span className={classes.reachTrack} aria-hidden>
            <i style={{ width: `${of ? (people / of) * 100 : 0}%` }} />
          </span>
          <span>{number(people)}</span>
        </div>
      ))}
    </PanelRow>
  );
}

function Profiling({ lost }: { lost: number | null }) {
  const { t } = useTranslation("segments");
  const { number } = useFormats();
  return (
    <PanelRow>
      <Text size="xs" c="dimmed">
        {lost ? t("people.profiling", { count: lost, formatted: number(lost) }) : t("people.profiling_none")}
      </Text>
    </PanelRow>
  );
}

function Sample({ preview }: { preview: Preview }) {
  const { t } = useTranslation("segments");
  return (
    <>
      <PanelRow>
        <Text size="xs" c="dimmed">
          {t("people.sample")}
        </Text>
      </PanelRow>
      {preview.sample.slice(0, 6).map((person) => (
        <PanelRow key={person.customer_id}>
          <Link to="/customers/$customerId" params={{ customerId: person.customer_id }} className={classes.name}>
            {person.full_name}
          </Link>
          {person.because && (
            <Text size="xs" c="dimmed">
              {person.because}
            </Text>
          )}
        </PanelRow>
      ))}
    </>
  );
}

/** «Chi è dentro?»: one person, in or out, because. */
function WhoIsInside({ id }: { id: string }) {
  const { t } = useTranslation("segments");
  const [person, setPerson] = useState<RemoteOption | null>(null);
  const { data } = useQuery({ ...membershipQuery(id, person?.value ?? ""), enabled: person !== null });
  return (
    <PanelRow>
      <RemoteSelect
        label={t("people.is_inside")}
        placeholder={t("people.is_inside_hint")}
        searchKey={["segments", "people"]}
        search={searchPeople}
        isPrivate
        minLength={2}
        clearable
        chosen={person}
        onChoose={setPerson}
      />
      {person && data && (
        <Text size="sm" mt="xs" role="status">
          <PermissionBadge family={data.is_member ? "allowed" : "not_asked"} word={t(data.is_member ? "people.inside" : "people.outside")} /> {data.because}
        </Text>
      )}
    </PanelRow>
  );
}
