/** A rate against its limits: the bar is the value, the bands end where a limit stands. Its words stand beside it. */
import classes from "./bullet-bar.module.css";

type Limit = { at: number; label: string };

type Props = {
  value: number;
  /** In rising order; the last is the one that must not be reached. */
  limits: readonly Limit[];
  label: string;
};

export function BulletBar({ value, limits, label }: Props) {
  // The scale is the limits' own: what goes far beyond them runs out of the bar.
  const top = (limits.at(-1)?.at ?? 1) * 1.3;
  const share = (at: number) => `${(Math.min(at, top) / top) * 100}%`;
  const passed = limits.filter(({ at }) => value >= at).length;
  const tone = passed === 0 ? "allowed" : passed === limits.length ? "denied" : "deferred";
  return (
    <div className={classes.bullet} role="img" aria-label={label}>
      <div className={classes.track}>
        <span className={classes.value} data-empty={value === 0 || undefined} data-beyond={value > top || undefined} style={{ width: share(value), background: `var(--${tone})` }} />
        {limits.map(({ at }, index) => (
          <i key={at} className={classes.limit} data-last={index === limits.length - 1 || undefined} style={{ left: share(at) }} />
        ))}
      </div>
      <div className={classes.words} aria-hidden>
        {limits.map(({ at, label: words }) => (
          <span key={at} style={{ left: share(at) }}>
            {words}
          </span>
        ))}
      </div>
    </div>
  );
}
