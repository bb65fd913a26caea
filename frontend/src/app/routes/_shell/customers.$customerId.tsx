import { createFileRoute } from "@tanstack/react-router";
import { lazy, Suspense, useState } from "react";
import { CardPage, type CardTab } from "@/features/card/card-page";
import { cardOptions, permissionsOptions } from "@/features/card/queries";
import type { Recipient } from "@/features/writing/template-select";

// Needed at the first press of «Scrivi», not before.
const WriteDrawer = lazy(() => import("@/features/writing/write-drawer").then((file) => ({ default: file.WriteDrawer })));

type Search = { tab?: CardTab; as_of?: string };

const tabs = ["story", "purchases", "data"];

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
      />
      <Suspense>{recipient && <WriteDrawer recipient={recipient} onClose={() => setRecipient(null)} />}</Suspense>
    </>
  );
}
