import { createFileRoute } from "@tanstack/react-router";
import { lazy, Suspense, useCallback, useState } from "react";
import { useTranslation } from "react-i18next";
import { useMay } from "@/api/me";
import { CardPage, type CardTab } from "@/features/card/card-page";
import { cardOptions, permissionsOptions } from "@/features/card/queries";
import type { Recipient } from "@/features/writing/template-select";
import { tell } from "@/ui/toast";

// Needed at the first press of «Scrivi», not before.
const WriteDrawer = lazy(() => import("@/features/writing/write-drawer").then((file) => ({ default: file.WriteDrawer })));

// None of these is in the first five seconds of a card.
const MergesPanel = lazy(() => import("@/features/duplicates/merges-panel").then((file) => ({ default: file.MergesPanel })));
const DuplicateStripe = lazy(() => import("@/features/duplicates/duplicate-stripe").then((file) => ({ default: file.DuplicateStripe })));
const CardMenu = lazy(() => import("@/features/duplicates/card-menu").then((file) => ({ default: file.CardMenu })));
const CardQualityPanel = lazy(() => import("@/features/quality/card-quality-panel").then((file) => ({ default: file.CardQualityPanel })));

type Search = { tab?: CardTab; as_of?: string };

const tabs = ["story", "purchases", "consents", "data"];

export const Route = createFileRoute("/_shell/customers/$customerId")({
  validateSearch: (search: Record<string, unknown>): Search => ({
    tab: tabs.includes(String(search.tab)) ? (search.tab as CardTab) : undefined,
    as_of: /^\d{4}-\d{2}-\d{2}$/.test(String(search.as_of)) ? String(search.as_of) : undefined,
  }),
  loader: ({ context, params }) => {
    void context.queryClient.prefetchQuery(cardOptions(params.customerId));
    void context.queryClient.prefetchQuery(permissionsOptions(params.customerId));
  },
  component: CardRoute,
});

function CardRoute() {
  const { customerId } = Route.useParams();
  const { tab = "story", as_of } = Route.useSearch();
  const navigate = Route.useNavigate();
  const [recipient, setRecipient] = useState<Recipient | null>(null);
  const { t } = useTranslation("duplicates");
  const seesDuplicates = useMay("duplicates:read");
  const mayMerge = useMay("duplicates:write");
  const follow = useCallback(
    (livingId: string) => {
      tell(t("was_merged"));
      void navigate({ params: { customerId: livingId }, search: {}, replace: true });
    },
    [navigate, t],
  );
  const compareWith = (otherId: string) => void navigate({ to: "/customers/merge", search: { a: customerId, b: otherId } });
  return (
    <>
      <CardPage
        key={customerId}
        customerId={customerId}
        tab={tab}
        onTab={(next) => void navigate({ search: (search) => ({ ...search, tab: next }), replace: true, resetScroll: false })}
        asOf={as_of}
        onAsOf={(day) => void navigate({ search: (search) => ({ ...search, as_of: day }), resetScroll: false })}
        onWrite={setRecipient}
        onMergedInto={follow}
        stripe={<Suspense>{seesDuplicates && <DuplicateStripe customerId={customerId} />}</Suspense>}
        menu={<Suspense>{mayMerge && <CardMenu customerId={customerId} onCompare={compareWith} />}</Suspense>}
        aside={(isFrozen) => (
          <Suspense>
            <CardQualityPanel customerId={customerId} isFrozen={isFrozen} />
            {seesDuplicates && <MergesPanel customerId={customerId} isFrozen={isFrozen} />}
          </Suspense>
        )}
      />
      <Suspense>{recipient && <WriteDrawer recipient={recipient} onClose={() => setRecipient(null)} />}</Suspense>
    </>
  );
}
