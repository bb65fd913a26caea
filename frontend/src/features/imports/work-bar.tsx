import { Progress } from "@mantine/core";

type Props = { done: number; total: number | null; label: string; /** It stopped: nothing moves. */ isStill?: boolean };

/** How far the work is. It moves from the start: the first rows of many take a while to be counted. */
export function WorkBar({ done, total, label, isStill }: Props) {
  const share = total ? (done / total) * 100 : 100;
  return <Progress size="lg" value={isStill ? share : Math.max(share, 2)} striped={!isStill} animated={!isStill} color={isStill ? "gray.6" : undefined} aria-label={label} />;
}
