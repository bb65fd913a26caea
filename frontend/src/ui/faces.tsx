/** The faces every screen has besides its own: loading, empty, refused, failed. None is a dead end. */
import { Button, EmptyState, Skeleton, Stack, Text } from "@mantine/core";
import { IconCloudOff, IconLock, IconMapPinOff, IconRefresh } from "@tabler/icons-react";
import type { UseQueryResult } from "@tanstack/react-query";
import { useEffect, useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { asProblem, type Problem } from "@/api/problem";
import { problemWords } from "@/lib/problem-words";
import classes from "./faces.module.css";

type EmptyProps = { icon?: ReactNode; title: ReactNode; detail?: ReactNode; action?: ReactNode };

/** Nothing yet: says what would be here and offers the first useful act. */
export function EmptyFace({ icon, title, detail, action }: EmptyProps) {
  return (
    <EmptyState icon={icon} title={title} description={detail} className={classes.face}>
      {action}
    </EmptyState>
  );
}

/** The server understood and refused: its own words, and what to do. */
export function RefusedFace({ problem, action }: { problem: Problem; action?: ReactNode }) {
  const { t } = useTranslation();
  const isMissing = problem.status === 404;
  const words = problemWords(problem);
  return (
    <EmptyFace
      icon={isMissing ? <IconMapPinOff size={28} stroke={1.5} /> : <IconLock size={28} stroke={1.5} />}
      title={words.title || t(isMissing ? "face.missing" : "face.refused")}
      detail={words.detail ?? (isMissing ? t("face.missing_detail") : problem.status === 403 ? t("face.refused_role") : null)}
      action={
        action ?? (
          <Button component="a" href="/">
            {t("face.home")}
          </Button>
        )
      }
    />
  );
}

/** One panel failed; the others live on. */
export function FailedFace({ problem, onRetry }: { problem: Problem; onRetry?: () => void }) {
  const { t } = useTranslation();
  const words = problemWords(problem);
  return (
    <div role="alert" className={classes.failed}>
      <IconCloudOff size={20} stroke={1.75} aria-hidden />
      <div>
        <Text size="sm" fw={550}>
          {t("face.failed")}
        </Text>
        <Text size="xs" c="dimmed">
          {words.detail ?? words.title}
          {problem.requestId && <> · {t("face.request", { id: problem.requestId })}</>}
        </Text>
      </div>
      {onRetry && (
        <Button size="xs" leftSection={<IconRefresh size={14} />} onClick={onRetry}>
          {t("act.retry")}
        </Button>
      )}
    </div>
  );
}

export function ProblemFace({ error, onRetry }: { error: unknown; onRetry?: () => void }) {
  const problem = asProblem(error);
  return problem.isRefusal ? <RefusedFace problem={problem} /> : <FailedFace problem={problem} onRetry={onRetry} />;
}

/** A skeleton that waits 150 ms, so that fast answers do not flicker. */
export function Late({ children }: { children: ReactNode }) {
  const [isDue, setDue] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setDue(true), 150);
    return () => clearTimeout(timer);
  }, []);
  return isDue ? <div aria-busy="true">{children}</div> : null;
}

export function SkeletonRows({ rows = 5, height = 44 }: { rows?: number; height?: number }) {
  return (
    <Stack gap="sm" p="lg">
      {Array.from({ length: rows }, (_, row) => (
        <Skeleton key={row} height={height - 12} />
      ))}
    </Stack>
  );
}

type LoadedProps<T> = {
  query: Pick<UseQueryResult<T>, "data" | "error" | "isPending" | "isFetching" | "refetch">;
  skeleton?: ReactNode;
  children: (data: T) => ReactNode;
};

/** Draws a query: skeleton, refusal, failure or the data; stale data stays in sight under a thin bar while it is refreshed. */
export function Loaded<T>({ query, skeleton, children }: LoadedProps<T>) {
  if (query.data !== undefined) return <>{children(query.data)}</>;
  if (query.error) return <ProblemFace error={query.error} onRetry={() => void query.refetch()} />;
  return <Late>{skeleton ?? <SkeletonRows />}</Late>;
}
