"""What somebody does in Slack about themselves: home tab, check-in, assessment, plan, review, reminders, linking.

The desk owns every rule; this module finds out who asks, calls it, and shows what it hands out: in modals, in direct messages,
and elsewhere for that person alone.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.webhook.async_client import AsyncWebhookClient

from coach.channels.hub import Hub
from coach.channels.slack import blocks, kit, surfaces
from coach.channels.slack.kit import Part, View
from coach.channels.slack.port import NAME, SlackPort
from coach.channels.slack.reply import as_message
from coach.development.desk import Desk
from coach.development.schema import Plan
from coach.errors import CoachError, Conflict, InputError, NotFound
from coach.messages import say
from coach.settings import Settings
from coach.store.channels import ChannelUser, Reminders
from coach.types import Lang

T = TypeVar("T")
Values = Mapping[str, Mapping[str, Any]]

_SOON = 1.5  # seconds, of the three that an acknowledgement may take

log = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class Somebody:
    """A user of Slack at this moment: who they are, in which language and on which day."""

    user: ChannelUser
    lang: Lang
    zone: tzinfo
    today: date

    @property
    def person(self) -> str:
        """Their id in the records."""
        return self.user.person


class Personal:
    """All of it, for every workspace."""

    def __init__(
        self,
        settings: Settings,
        hub: Hub,
        port: SlackPort,
        account_name: Callable[[str], str],
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        """`account_name` is what an account is called, by person; empty where there are none."""
        self._settings, self._hub, self._port = settings, hub, port
        self._account_name = account_name
        self._clock = clock

    @property
    def _desk(self) -> Desk:
        return self._hub.coach.desk

    async def somebody(self, workspace: str, user: str, direct: str = "") -> Somebody:
        """Who pressed, typed or opened something.

        Raises InputError for people of another workspace, who become nobody here, and for those whose account is disabled.
        """
        about = await self._port.about_user(workspace, user)
        if await self._port.is_stranger(workspace, user):
            raise InputError(say("slack_stranger", about.language))
        known = await self._hub.meet(NAME, workspace, user, about, direct)
        if await self._hub.shut_out(known):
            raise InputError(say("channel_disabled", about.language))
        zone: tzinfo = ZoneInfo(about.time_zone) if about.time_zone else UTC
        return Somebody(user=known, lang=about.language, zone=zone, today=self._clock().astimezone(zone).date())

    async def known(self, workspace: str, user: str) -> Lang | None:
        """The language of somebody whom we may answer; None for others, and when Slack does not tell in time."""
        try:
            async with asyncio.timeout(_SOON):
                stranger = await self._port.is_stranger(workspace, user)
                return None if stranger else (await self._port.about_user(workspace, user)).language
        except (TimeoutError, aiohttp.ClientError, SlackApiError):
            return None

    # --- home ---------------------------------------------------------------------------------------------------------

    async def show_home(self, workspace: str, user: str) -> None:
        """Publishes the home tab as things stand."""
        who = await self.somebody(workspace, user)
        view = await asyncio.to_thread(self._home, who)
        await self._port.client(workspace).views_publish(user_id=user, view=view)

    def _home(self, who: Somebody) -> View:
        plan = self._plan(who)
        return surfaces.home(
            self._desk.standing(who.person, lang=who.lang),
            plan,
            self._desk.checkins(plan.id, who.person) if plan else [],
            self._desk.framework,
            who.today,
            who.lang,
            linked=who.user.linked,
            account_name=self._account_name(who.person) if who.user.linked else "",
            reminders=who.user.reminders,
            zone=who.zone,
            web=self._settings.public_url,
        )

    async def questions(self, who: Somebody) -> list[str]:
        """Questions to begin with, of the stage somebody stands on; of the first one where that is not known."""

        def found() -> list[str]:
            standing = self._desk.standing(who.person, lang=who.lang)
            stage = standing.found.standing.stage if standing.placed else ""
            sets = self._hub.coach.starters(who.lang)
            own = next((asked for each, asked in sets if each.id == stage), sets[0][1] if sets else [])
            return own or self._hub.coach.examples(who.lang)

        return await asyncio.to_thread(found)

    # --- check-in -----------------------------------------------------------------------------------------------------

    async def open_checkin(self, who: Somebody, trigger: str) -> None:
        """The check-in of one minute, or what is missing for one."""
        plan = await asyncio.to_thread(self._plan, who)
        if plan is None:
            await self._show(
                who, trigger, kit.modal(say("pl_ck_title", who.lang), [kit.sentence(say("slack_no_plan", who.lang))], who.lang)
            )
            return
        told = await asyncio.to_thread(self._desk.checkins, plan.id, who.person)
        await self._show(who, trigger, surfaces.checkin_modal(plan, told, who.today, who.lang))

    async def check_in(self, who: Somebody, plan_id: str, values: Values) -> tuple[dict[str, str], Part]:
        """Keeps a check-in: (sentences by block where it cannot be kept, what to say of it)."""
        return await asyncio.to_thread(self._check_in, who, plan_id, values)

    def _check_in(self, who: Somebody, plan_id: str, values: Values) -> tuple[dict[str, str], Part]:
        plan = self._desk.plan(plan_id, who.person, lang=who.lang)
        before = self._desk.checkins(plan.id, who.person)
        told = surfaces.checkin_from(values, plan, before, who.today, who.lang)
        if not told.errors:
            for each in told.checkins:
                self._desk.checkin(plan.id, each, who.person, lang=who.lang)
        return told.errors, surfaces.checkin_result(told.checkins, plan, before, who.today, who.lang)

    # --- assessment ---------------------------------------------------------------------------------------------------

    async def open_assessment(self, who: Somebody, trigger: str) -> None:
        """The next question of the assessment under way, or of a new one."""

        def found() -> View:
            begun = self._desk.standing(who.person, lang=who.lang).under_way
            if begun:
                view = self._desk.assessment(begun, who.person, lang=who.lang)
            else:
                view = self._desk.start_assessment("short", who.person, lang=who.lang)
            return surfaces.assess_modal(view, self._desk.framework, who.lang)

        await self._show(who, trigger, await asyncio.to_thread(found))

    async def answer(self, who: Somebody, assessment: str, indicator: str, values: Values) -> View | Part:
        """Keeps an answer: the modal with the next question, or the result when that was the end."""
        given = surfaces.assess_from(values)

        def kept() -> View | Part:
            view = self._desk.assessment(assessment, who.person, lang=who.lang)
            if view.state == "open" and indicator:
                view = self._desk.answer(assessment, {indicator: given.text}, who.person, lang=who.lang)
            if view.state == "open" and indicator and not given.enough:
                return surfaces.assess_modal(view, self._desk.framework, who.lang)
            if view.state == "open":
                view = self._desk.finish(assessment, who.person, lang=who.lang)
            standing = self._desk.standing(who.person, lang=who.lang)
            return surfaces.assess_result(view, standing, self._desk.framework, who.lang)

        return await asyncio.to_thread(kept)

    # --- plan and review ----------------------------------------------------------------------------------------------

    async def plan(self, who: Somebody, *, shareable: bool = False) -> Part:
        """The plan in short; without one a new one, or what has to be known before."""

        def found() -> Part:
            plan = self._plan(who)
            if plan is None:
                drafted, plan = self._desk.new_plan(who.person, lang=who.lang, today=who.today, writer=self._hub.coach.writer())
                if plan is None:
                    return surfaces.draft_needed(drafted.draft.questions, who.lang)
            told = self._desk.checkins(plan.id, who.person)
            return surfaces.plan_message(plan, told, self._desk.framework, who.today, who.lang, shareable=shareable)

        return await asyncio.to_thread(found)

    async def shared_plan(self, who: Somebody, plan_id: str) -> Part:
        """The plan as its owner shows it to a channel."""

        def found() -> Part:
            plan = self._desk.plan(plan_id, who.person, lang=who.lang)
            told = self._desk.checkins(plan.id, who.person)
            return surfaces.plan_share(plan, told, self._desk.framework, who.today, who.lang, by=who.user.user)

        return await asyncio.to_thread(found)

    async def send_document(self, who: Somebody, format: str, plan_id: str) -> None:
        """The plan as a document, in the direct messages."""
        file = await asyncio.to_thread(self._desk.export, plan_id, format, who.lang, "full", who.person)
        place = await self._direct(who)
        await self._client(who).files_upload_v2(channel=place, filename=file.name, content=file.data, title=file.name)

    async def open_telling(self, who: Somebody, trigger: str) -> None:
        """What has to be known before a plan, as a form."""

        def asked() -> View:
            values = self._desk.profile(who.person).profile.model_dump(exclude_defaults=True)
            drafted = self._desk.draft(values, who.lang, who.today)
            return surfaces.tell_modal(drafted.draft.questions, who.lang)

        await self._show(who, trigger, await asyncio.to_thread(asked))

    async def keep_told(self, who: Somebody, values: Values) -> None:
        """Keeps what was told."""

        def keep() -> None:
            known = self._desk.profile(who.person).profile
            self._desk.set_profile(surfaces.told_from(values, known), who.person, lang=who.lang, merge=True)

        await asyncio.to_thread(keep)

    async def review(self, who: Somebody) -> Part:
        """The quarterly review, held as of today."""

        def held() -> Part:
            if self._plan(who) is None:
                return blocks.note(say("slack_no_plan", who.lang))
            view = self._desk.review("quarterly", who.today, person=who.person, lang=who.lang)
            return surfaces.review_message(view, self._desk.framework, who.lang)

        return await asyncio.to_thread(held)

    async def accept_review(self, who: Somebody, review_id: str) -> Part:
        """Makes the next version of the plan."""
        plan = await asyncio.to_thread(self._desk.accept_review, review_id, who.person, lang=who.lang)
        await self.refresh(who)
        return blocks.note(say("pl_r_done", who.lang, n=plan.version))

    # --- linking and reminders ----------------------------------------------------------------------------------------

    async def link(self, who: Somebody, code: str) -> str:
        """Links the account whose owner made the code; the sentence that says so. Raises InputError."""
        linked = await asyncio.to_thread(self._hub.channels.link, who.user, code, lang=who.lang)
        await self.refresh(who)
        name = await asyncio.to_thread(self._account_name, linked.person)
        return say("slack_linked", who.lang, name=name or say("slack_this_coach", who.lang))

    async def unlink(self, who: Somebody) -> str:
        """The user is a person of their own again."""
        await asyncio.to_thread(self._hub.channels.unlink, who.user, language=who.lang, time_zone=str(who.zone))
        await self.refresh(who)
        return say("slack_unlinked", who.lang)

    async def remind(self, who: Somebody, *kinds: str, off: bool = False, days: int = 0) -> str:
        """Stops, resumes or puts off reminders of these kinds; the sentence that says so."""
        until = self._clock() + timedelta(days=days)

        def changed(now: Reminders) -> Reminders:
            stopped = {kind for kind in now.off if kind not in kinds} | set(kinds if off else ())
            snoozed = {kind: end for kind, end in now.snoozed.items() if kind not in kinds}
            if days:
                snoozed |= dict.fromkeys(kinds, until)
            return now.model_copy(update={"off": tuple(sorted(stopped)), "snoozed": snoozed})

        await asyncio.to_thread(self._hub.channels.change_reminders, who.user, changed)
        await self.refresh(who)
        key = "slack_reminders_off" if off else "slack_reminders_later" if days else "slack_reminders_on"
        return say(key, who.lang, days=days)

    async def forget(self, who: Somebody) -> str:
        """Removes what is kept of somebody without an account; with one, it is theirs to delete on the web page."""
        if who.user.linked:
            return say("slack_forget_linked", who.lang, web=self._settings.public_url or "/me")
        await self._hub.withdraw_all(who.user)  # a reply that ended later would be kept of somebody who is gone
        await asyncio.to_thread(self._hub.coach.talks.delete_all, who.person)
        await asyncio.to_thread(self._desk.delete_all, who.person)
        await asyncio.to_thread(self._hub.channels.forget_user, NAME, who.user.workspace, who.user.user)
        return say("slack_forgotten", who.lang)

    # --- showing ------------------------------------------------------------------------------------------------------

    async def tell(self, who: Somebody, part: Part) -> str:
        """A direct message; its id."""
        said = await self._client(who).chat_postMessage(channel=await self._direct(who), **as_message(part))
        return str(said["ts"])

    async def say(self, who: Somebody, part: Part, back: str) -> None:
        """For them alone, where they pressed or typed; in a direct message where Slack takes nothing there any more."""
        if not await respond(back, part):
            await self.tell(who, part)

    async def turn_away(self, workspace: str, user: str, error: Exception, back: str) -> None:
        """Says to somebody whom we could not even find out, or may not serve, why nothing comes of it."""
        said = failure(error, "zh")
        if back and await respond(back, said):
            return
        client = self._port.client(workspace)
        place = str((await client.conversations_open(users=[user]))["channel"]["id"])
        await client.chat_postMessage(channel=place, **as_message(said))

    async def tell_and_refresh(self, who: Somebody, part: Part) -> None:
        """What has changed, in a direct message and on the home tab, each also if the other fails."""
        try:
            await self.tell(who, part)
        finally:
            await self.refresh(who)

    async def refresh(self, who: Somebody) -> None:
        """The home tab as things stand now; what was done is done also where Slack does not show it."""
        try:
            await self.show_home(who.user.workspace, who.user.user)
        except Exception as error:  # noqa: BLE001  whatever it is, the next look at the home tab mends it
            log.error("a home tab could not be shown: %s", type(error).__name__)

    async def _direct(self, who: Somebody) -> str:
        """The place of their direct messages, opened if need be."""
        if who.user.direct:
            return who.user.direct
        said = await self._client(who).conversations_open(users=[who.user.user])
        place = str(said["channel"]["id"])
        await asyncio.to_thread(self._hub.channels.meet, NAME, who.user.workspace, who.user.user, direct=place)
        return place

    async def _show(self, who: Somebody, trigger: str, view: View) -> None:
        await self._client(who).views_open(trigger_id=trigger, view=view)

    def _client(self, who: Somebody) -> AsyncWebClient:
        return self._port.client(who.user.workspace)

    def _plan(self, who: Somebody) -> Plan | None:
        """Their newest plan; None before there is one."""
        try:
            return self._desk.plan("", who.person, lang=who.lang)
        except NotFound:
            return None


async def respond(url: str, part: Part) -> bool:
    """Says something to whoever pressed or typed, where they did; whether Slack took it."""
    try:
        said = await AsyncWebhookClient(url).send(**as_message(part), response_type="ephemeral", replace_original=False)
    except (aiohttp.ClientError, TimeoutError):
        return False
    return said.status_code == 200


def failure(error: Exception, lang: Lang) -> Part:
    """What went wrong, for whoever pressed or typed; what is no fault of theirs is logged, without what anybody wrote."""
    if isinstance(error, InputError | NotFound | Conflict):
        return blocks.note(" ".join(part for part in (error.message, error.hint) if part))
    if isinstance(error, SlackApiError):
        why = str(error.response.get("error", ""))
        log.error("Slack refused %s", why)
        return blocks.note(say("slack_refused", lang, error=why))
    log.error("something asked for in Slack failed: %s", error.code if isinstance(error, CoachError) else type(error).__name__)
    return blocks.note(say("channel_failed", lang))
