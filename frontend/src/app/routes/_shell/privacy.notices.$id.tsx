import { createFileRoute } from "@tanstack/react-router";
import { NoticePage, type NoticeSearch } from "@/features/notices/notice-page";

export const Route = createFileRoute("/_shell/privacy/notices/$id")({
  validateSearch: (search: Record<string, unknown>): NoticeSearch => ({
    v: Number.isInteger(search.v) && Number(search.v) > 0 ? Number(search.v) : undefined,
    language: /^[a-z]{2}$/.test(String(search.language)) ? String(search.language) : undefined,
    diff: search.diff === true ? true : undefined,
  }),
  component: NoticeRoute,
});

function NoticeRoute() {
  const { id } = Route.useParams();
  const search = Route.useSearch();
  const navigate = Route.useNavigate();
  return <NoticePage key={id} id={id} search={search} onSearch={(next) => void navigate({ search: next, resetScroll: false })} />;
}
