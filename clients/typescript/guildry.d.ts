// Made by `guildry contracts clients` from contracts 0.1.0; changes here are lost.

export declare namespace shapes {
  interface ActorOut {
    handle: string;
    id: number;
    name: string;
    portrait: string;
  }
  type Audience = "everyone" | "connections" | "organisation" | (string & {});
  interface Author {
    handle: string;
    headline: string;
    id: number;
    name: string;
    portrait: string;
  }
  type Availability = "open" | "soon" | "limited" | "busy" | (string & {});
  interface AvailabilityIn {
    availability?: Availability | null;
    available_on?: string | null;
    day_rate?: MoneyBody | null;
    hour_rate?: MoneyBody | null;
    hours_per_week?: number | null;
  }
  interface CardOut {
    availability: string;
    handle: string;
    hats: Array<string>;
    headline: string;
    id: number;
    name: string;
    place: string;
    portrait: string;
    skills: Array<string>;
  }
  interface CardPage {
    items: Array<CardOut>;
    next_cursor: string;
  }
  interface ChannelsBody {
    app: boolean;
    mail: Mail;
  }
  /** One comment for one viewer; a deleted one keeps its place and nothing else. */
  interface Comment {
    author: Author | null;
    created_at: string;
    depth: number;
    edited_at: string | null;
    html: string;
    id: number;
    is_deleted: boolean;
    is_mine: boolean;
    parent_id: number | null;
  }
  /** `parent_id` is the comment this one answers. */
  interface CommentIn {
    body: string;
    parent_id?: number | null;
  }
  interface CommentPage {
    items: Array<Comment>;
    next_cursor: string;
  }
  /** What to publish; `organisation_id` goes with the audience "organisation" and no other. */
  interface CompositionIn {
    audience?: Audience;
    body?: string;
    organisation_id?: number | null;
    pictures?: Array<PictureIn>;
    poll?: PollIn | null;
  }
  interface CountersOut {
    unread: number;
  }
  type Digest = "off" | "daily" | "weekly" | (string & {});
  /** An unpublished composition; `refusal` is why it could not be published when it was due. */
  interface Draft {
    audience: string;
    body: string;
    id: number;
    organisation_id: number | null;
    pictures: Array<DraftPicture>;
    poll: DraftPoll | null;
    refusal: string;
    saved_at: string;
    scheduled_for: string | null;
    version: number;
  }
  interface DraftPicture {
    description: string;
    focus_x: number;
    focus_y: number;
    key: string;
  }
  interface DraftPoll {
    days: number;
    options: Array<string>;
    question: string;
  }
  /** What is left out stays as it is. */
  interface Edits {
    accepts_requests?: boolean | null;
    founded?: number | null;
    kind?: Kind | null;
    name?: string | null;
    place?: string | null;
    size?: Size | null;
    story?: string | null;
    tagline?: string | null;
    website?: string | null;
  }
  interface EndedOut {
    ended: number;
  }
  interface ExperienceIn {
    description?: string;
    ended_on?: string | null;
    organisation_name?: string;
    place?: string;
    started_on: string;
    title: string;
  }
  interface ExperienceOut {
    description: string;
    ended_on: string | null;
    id: number;
    organisation_name: string;
    place: string;
    started_on: string;
    title: string;
  }
  interface Founding {
    handle: string;
    kind: Kind;
    name: string;
    place?: string;
    story?: string;
    tagline?: string;
    website?: string;
  }
  interface HandleIn {
    handle: string;
  }
  interface HashtagName {
    is_followed: boolean;
    name: string;
  }
  /** What members do here; they put these on themselves. */
  type Hat = "freelancer" | "client" | "job_seeker" | "mentor" | "volunteer" | "organiser" | "advertiser" | (string & {});
  /** One of the hats I wear, or none with an empty text. */
  interface HatIn {
    hat: Hat | "";
  }
  interface HatsIn {
    hats: Array<Hat>;
  }
  /** `small` and `large` are signed addresses of two widths; the focus is in percent. */
  interface Image {
    description: string;
    focus_x: number;
    focus_y: number;
    height: number;
    large: string;
    small: string;
    width: number;
  }
  interface InvitationIn {
    note?: string;
    role?: Role;
    to: string;
  }
  interface InvitationOut {
    created_at: string;
    email: string;
    expires_at: string;
    id: number;
    member_id: number | null;
    note: string;
    organisation_id: number;
    role: string;
    state: string;
  }
  interface JoinNoteIn {
    note?: string;
  }
  type Kind = "company" | "agency" | "charity" | "chapter" | (string & {});
  interface LanguageIn {
    code: string;
    level: Level;
  }
  interface LanguageOut {
    code: string;
    id: number;
    level: string;
  }
  type Level = "native" | "fluent" | "professional" | "conversational" | "basic" | (string & {});
  interface LinkIn {
    label: string;
    url: string;
  }
  interface LinkOut {
    id: number;
    label: string;
    url: string;
  }
  /** When mail goes out about one kind of notification. */
  type Mail = "off" | "digest" | "instant" | (string & {});
  interface MeOut {
    active_hat: string;
    email: string;
    handle: string;
    hats: Array<string>;
    headline: string;
    id: number;
    locale: string;
    name: string;
    portrait: string;
    staff_roles: Array<string>;
    theme: string;
    time_zone: string;
  }
  interface MemberOut {
    handle: string;
    headline: string;
    id: number;
    name: string;
    portrait: string;
  }
  interface MembershipOut {
    handle: string;
    headline: string;
    member_id: number;
    name: string;
    role: string;
    started_at: string;
    title: string;
  }
  interface MembershipPage {
    items: Array<MembershipOut>;
    next_cursor: string;
  }
  interface MomentIn {
    publish_at: string;
  }
  interface MoneyBody {
    currency: string;
    minor: number;
  }
  /** How many posts came after the one named, 99 at the most. */
  interface NewPosts {
    count: number;
  }
  /** A token as its only reader gets it: the secret is shown here and nowhere else. */
  interface NewTokenOut {
    created_at: string;
    expires_at: string;
    id: number;
    last_used_at: string | null;
    name: string;
    prefix: string;
    scopes: Array<string>;
    secret: string;
  }
  interface NoteIn {
    note?: string;
  }
  interface NotificationOut {
    actor: ActorOut | null;
    created_at: string;
    id: number;
    is_read: boolean;
    is_seen: boolean;
    kind: string;
    text: string;
    url: string;
  }
  interface NotificationPage {
    items: Array<NotificationOut>;
    next_cursor: string;
  }
  /** One answer; its votes are None while the viewer may not know them. */
  interface Option {
    id: number;
    percent: number | null;
    text: string;
    vote_count: number | null;
  }
  /** An organisation; `people_count` is kept beside it, `mark` is the key of a file or empty for the drawn one. */
  interface OrganisationOut {
    accepts_requests: boolean;
    created_at: string;
    founded: number | null;
    handle: string;
    id: number;
    kind: string;
    mark: string;
    name: string;
    people_count: number;
    place: string;
    size: string;
    state: string;
    story: string;
    tagline: string;
    website: string;
  }
  interface OrganisationPage {
    items: Array<OrganisationOut>;
    next_cursor: string;
  }
  interface OversightIn {
    reason?: string;
  }
  interface OversightOut {
    began_at: string;
    ends_at: string;
    reason: string;
  }
  interface OwnMembershipOut {
    organisation: OrganisationOut;
    role: string;
    started_at: string;
    title: string;
  }
  interface PauseIn {
    until: string | null;
  }
  interface PeoplePage {
    items: Array<PersonOut>;
    next_cursor: string;
  }
  interface PersonOut {
    member: MemberOut;
    note: string;
    relation: RelationOut;
    since: string;
  }
  /** A file uploaded with the use timeline.image. */
  interface PictureIn {
    description?: string;
    focus_x?: number;
    focus_y?: number;
    key: string;
  }
  /** Results show to its author, to those who voted, and to everybody once it is closed. */
  interface Poll {
    closes_at: string;
    is_open: boolean;
    my_option_id: number | null;
    options: Array<Option>;
    question: string;
    shows_results: boolean;
    vote_count: number;
  }
  interface PollIn {
    days?: number;
    options: Array<string>;
    question: string;
  }
  interface PortfolioIn {
    description?: string;
    title: string;
    url?: string;
  }
  interface PortfolioOut {
    description: string;
    file_name: string;
    file_url: string;
    id: number;
    title: string;
    url: string;
  }
  /** One post for one viewer; `original` is what a repost passes on, when the viewer may read it. */
  interface Post {
    audience: string;
    author: Author;
    comment_count: number;
    edited_at: string | null;
    html: string;
    id: number;
    images: Array<Image>;
    is_mine: boolean;
    is_repost: boolean;
    is_reposted: boolean;
    is_saved: boolean;
    my_reaction: string;
    organisation: Readers | null;
    original: Post | null;
    poll: Poll | null;
    preview: Preview | null;
    published_at: string;
    reaction_count: number;
    repost_count: number;
    version: number;
    why: string;
  }
  interface PostPage {
    items: Array<Post>;
    next_cursor: string;
  }
  /** Kinds left out keep what was chosen for them. */
  interface PreferencesBody {
    channels: Record<string, ChannelsBody>;
    digest: Digest;
    quiet_from?: string | null;
    quiet_until?: string | null;
  }
  /** What is left out stays as it is; an empty theme follows the device. */
  interface PreferencesIn {
    locale?: string | null;
    theme?: "" | "light" | "dark" | (string & {}) | null;
    time_zone?: string | null;
  }
  interface PreferencesOut {
    channels: Record<string, ChannelsBody>;
    digest: Digest;
    paused_until: string | null;
    quiet_from: string | null;
    quiet_until: string | null;
  }
  /** How I am shown beside everything I do; what is left out stays as it is. */
  interface PresenceIn {
    headline?: string | null;
    name?: string | null;
  }
  interface Preview {
    description: string;
    image: string;
    site: string;
    title: string;
    url: string;
  }
  /** A refusal (RFC 9457). It changed nothing. */
  interface Problem {
    code: string;
    detail: string;
    errors?: Array<ProblemField>;
    instance: string;
    permission?: string;
    retry_after?: number;
    status: number;
    title: string;
    trace_id: string;
    type: string;
  }
  /** One field that has to change. */
  interface ProblemField {
    code: string;
    detail: string;
    field: string;
    pointer: string;
  }
  /** A profile as its reader may see it; a hidden section is absent from `shown` and empty. */
  interface ProfileOut {
    availability: string;
    available_on: string | null;
    day_rate: MoneyBody | null;
    experience: Array<ExperienceOut>;
    handle: string;
    hats: Array<string>;
    headline: string;
    hour_rate: MoneyBody | null;
    hours_per_week: number | null;
    id: number;
    languages: Array<LanguageOut>;
    links: Array<LinkOut>;
    name: string;
    place: string;
    portfolio: Array<PortfolioOut>;
    portrait: string;
    qualifications: Array<QualificationOut>;
    shown: Array<string>;
    skills: Array<SkillOut>;
    story: string;
    time_zone: string;
  }
  interface QualificationIn {
    awarded_by?: string;
    awarded_on?: string | null;
    expires_on?: string | null;
    reference?: string;
    title: string;
  }
  interface QualificationOut {
    awarded_by: string;
    awarded_on: string | null;
    expires_on: string | null;
    id: number;
    reference: string;
    title: string;
  }
  interface Reaction {
    author: Author;
    kind: ReactionKind;
  }
  interface ReactionIn {
    kind: ReactionKind;
  }
  type ReactionKind = "like" | "celebrate" | "insightful" | "support" | (string & {});
  interface ReactionPage {
    items: Array<Reaction>;
    next_cursor: string;
  }
  /** Some notifications by id, or everything up to one of them. */
  interface ReadIn {
    ids?: Array<number>;
    up_to?: number | null;
  }
  /** The organisation a post is for. */
  interface Readers {
    handle: string;
    id: number;
    name: string;
  }
  /** How I stand to a member; a request they declined still reads as requested. */
  interface RelationOut {
    connection: Standing;
    is_blocked: boolean;
    is_followed_by: boolean;
    is_following: boolean;
    is_muted: boolean;
    may_ask_from: string | null;
    member_id: number;
    note: string;
  }
  /** What a text becomes: safe HTML, the members it mentions and its hashtags. */
  interface RenderedText {
    hashtags: Array<string>;
    html: string;
    mentioned_ids: Array<number>;
  }
  interface RequestIn {
    note?: string;
  }
  interface RequestOut {
    created_at: string;
    id: number;
    member_id: number;
    note: string;
    organisation_id: number;
    state: string;
  }
  /** What a role in an organisation lets its holder do there. */
  type Right = "edit" | "invite" | "answer_requests" | "change_roles" | "remove_people" | "speak" | "close" | (string & {});
  type Role = "owner" | "admin" | "manager" | "member" | "viewer" | (string & {});
  interface RoleIn {
    role: Role;
    title?: string;
  }
  type SectionAudience = "everyone" | "members" | "connections" | "only_me" | (string & {});
  /** Everything up to this notification. */
  interface SeenIn {
    up_to: number;
  }
  interface SessionOut {
    address: string;
    created_at: string;
    device: string;
    id: number;
    last_seen_at: string;
  }
  interface ShownIn {
    body: string;
  }
  type Size = "1" | "2-10" | "11-50" | "51-250" | "251-1000" | "1000+" | (string & {});
  interface SkillOut {
    description: string;
    id: number;
    key: string;
    label: string;
    matched?: string;
  }
  interface SkillsIn {
    names: Array<string>;
  }
  /** What one side of a connection sees of it; a declined request keeps looking like one that waits. */
  type Standing = "none" | "requested" | "asked" | "connected" | (string & {});
  /** How I stand to an organisation: my role there, and what it lets me do. */
  interface StandingOut {
    rights: Array<Right>;
    role: string;
  }
  /** A file; `url` opens it for a day or two and is empty while it is being checked. */
  interface StoredFile {
    alt: string;
    byte_size: number;
    created_at: string;
    height: number | null;
    key: string;
    media_type: string;
    name: string;
    reason: string;
    state: "quarantined" | "clean" | "rejected" | (string & {});
    url: string;
    use: string;
    width: number | null;
  }
  interface StoryIn {
    place?: string;
    story?: string;
  }
  interface SuggestionOut {
    member: MemberOut;
    reason: string;
  }
  /** A hashtag and how many recent posts carry it. */
  interface Talk {
    name: string;
    post_count: number;
  }
  /** The Markdown of a post and its version, which the ETag names. */
  interface Text {
    body: string;
    version: number;
  }
  interface TextIn {
    body: string;
  }
  /** Opens one namespace once: connect with `auth: {ticket}` before it expires. */
  interface TicketOut {
    expires_at: string;
    ticket: string;
  }
  /** `scopes` are `read`, `write`, or an area of the API followed by one of them, such as `timeline.write`. */
  interface TokenIn {
    days: 7 | 30 | 90 | 365;
    name: string;
    scopes: Array<string>;
  }
  interface TokenOut {
    created_at: string;
    expires_at: string;
    id: number;
    last_used_at: string | null;
    name: string;
    prefix: string;
    scopes: Array<string>;
  }
  interface Version {
    html: string;
    version: number;
    written_at: string;
  }
  interface VisibilityIn {
    audiences: Record<string, SectionAudience>;
    is_indexable: boolean;
    is_listed: boolean;
  }
  /** Who sees each section, and whether the directory and search engines list me. */
  interface VisibilityOut {
    audiences: Record<string, SectionAudience>;
    is_indexable: boolean;
    is_listed: boolean;
  }
  interface VoteIn {
    option_id: number;
  }
}

/** A refusal (RFC 9457): compare `code`, show `message`, mend what `errors` points at. */
export class Refused extends Error {
  readonly status: number;
  readonly code: string;
  readonly document: Partial<shapes.Problem>;
  readonly errors: shapes.ProblemField[];
  readonly retryAfter?: number;
}

export interface Options {
  token?: string;
  attempts?: number;
  fetch?: typeof globalThis.fetch;
}

/** Every operation, by its name. `etag` is the version of the last reply. */
export class Guildry {
  constructor(origin: string, options?: Options);
  readonly origin: string;
  etag: string;
  /** Yield every item of a list, however many pages it has: `pages("listPosts")`. */
  pages<T = unknown>(name: keyof Guildry & string, ...given: unknown[]): AsyncGenerator<T, void, void>;
  /** Accept a request. */
  acceptConnection(memberId: number): Promise<shapes.RelationOut>;
  /** Accept an invitation. */
  acceptInvitation(invitationId: number): Promise<shapes.MembershipOut>;
  /** Let somebody in. */
  acceptJoinRequest(requestId: number): Promise<shapes.MembershipOut>;
  /** Add an experience. */
  addExperience(body: shapes.ExperienceIn): Promise<shapes.ExperienceOut>;
  /** Add a language, or change its level. */
  addLanguage(body: shapes.LanguageIn): Promise<shapes.LanguageOut>;
  /** Add a link. */
  addLink(body: shapes.LinkIn): Promise<shapes.LinkOut>;
  /** Add a piece of work. */
  addPortfolioItem(body: FormData): Promise<shapes.PortfolioOut>;
  /** Add a qualification. */
  addQualification(body: shapes.QualificationIn): Promise<shapes.QualificationOut>;
  /** Begin a draft. */
  beginDraft(body: shapes.CompositionIn): Promise<shapes.Draft>;
  /** Act as an owner for half an hour. */
  beginOversight(handle: string, body: shapes.OversightIn): Promise<shapes.OversightOut>;
  /** Block a member. */
  blockMember(memberId: number): Promise<shapes.RelationOut>;
  /** Give somebody a role. */
  changeRole(handle: string, memberId: number, body: shapes.RoleIn): Promise<shapes.MembershipOut>;
  /** Put on hats. */
  chooseHats(body: shapes.HatsIn): Promise<shapes.MeOut>;
  /** Take a picture as the mark. */
  chooseMark(handle: string, body: FormData): Promise<shapes.OrganisationOut>;
  /** Choose what to be told, where and when. */
  chooseNotifications(body: shapes.PreferencesBody): Promise<shapes.PreferencesOut>;
  /** Take a picture as my portrait. */
  choosePortrait(body: FormData): Promise<shapes.ProfileOut>;
  /** Choose my time zone and theme. */
  choosePreferences(body: shapes.PreferencesIn): Promise<shapes.MeOut>;
  /** Choose my skills, in order. */
  chooseSkills(body: shapes.SkillsIn): Promise<shapes.ProfileOut>;
  /** Choose who sees what of my profile. */
  chooseVisibility(body: shapes.VisibilityIn): Promise<shapes.ProfileOut>;
  /** Close an organisation. */
  closeOrganisation(handle: string): Promise<shapes.OrganisationOut>;
  /** Comment, or answer a comment. */
  commentOnPost(postId: number, body: shapes.CommentIn): Promise<shapes.Comment>;
  /** Count the posts that came after one. */
  countNewPosts(query?: { after?: number; tab?: "for-you" | "latest" | "following" }): Promise<shapes.NewPosts>;
  /** Count what is unread. */
  countUnread(): Promise<shapes.CountersOut>;
  /** Decline a request. */
  declineConnection(memberId: number): Promise<shapes.RelationOut>;
  /** Decline an invitation. */
  declineInvitation(invitationId: number): Promise<shapes.InvitationOut>;
  /** Turn somebody down. */
  declineJoinRequest(requestId: number): Promise<shapes.RequestOut>;
  /** Delete a comment. */
  deleteComment(commentId: number): Promise<void>;
  /** Delete a file of yours. */
  deleteFile(key: string): Promise<void>;
  /** Delete a post of yours. */
  deletePost(postId: number): Promise<void>;
  /** Discard a draft. */
  discardDraft(draftId: number): Promise<void>;
  /** Have a post no longer shown for you. */
  dismissPost(postId: number): Promise<void>;
  /** Go back to the drawn mark. */
  dropMark(handle: string): Promise<shapes.OrganisationOut>;
  /** Go back to my drawn portrait. */
  dropPortrait(): Promise<shapes.ProfileOut>;
  /** Say when I am free. */
  editAvailability(body: shapes.AvailabilityIn): Promise<shapes.ProfileOut>;
  /** Edit a comment of yours. */
  editComment(commentId: number, body: shapes.TextIn): Promise<shapes.Comment>;
  /** Edit an experience. */
  editExperience(entryId: number, body: shapes.ExperienceIn): Promise<shapes.ExperienceOut>;
  /** Change my name and headline. */
  editMe(body: shapes.PresenceIn): Promise<shapes.MeOut>;
  /** Edit an organisation. */
  editOrganisation(handle: string, body: shapes.Edits): Promise<shapes.OrganisationOut>;
  /** Edit a piece of work. */
  editPortfolioItem(entryId: number, body: shapes.PortfolioIn): Promise<shapes.PortfolioOut>;
  /** Edit a post of yours. */
  editPost(postId: number, body: shapes.TextIn, version: string): Promise<shapes.Text>;
  /** Edit a qualification. */
  editQualification(entryId: number, body: shapes.QualificationIn): Promise<shapes.QualificationOut>;
  /** Write my story and place. */
  editStory(body: shapes.StoryIn): Promise<shapes.ProfileOut>;
  /** Remove somebody, or leave. */
  endMembership(handle: string, memberId: number): Promise<void>;
  /** Sign every other device out. */
  endOtherSessions(): Promise<shapes.EndedOut>;
  /** Sign a device out. */
  endSession(sessionId: number): Promise<void>;
  /** Follow a hashtag. */
  followHashtag(name: string): Promise<void>;
  /** Follow a member. */
  followMember(memberId: number): Promise<shapes.RelationOut>;
  /** Found an organisation. */
  foundOrganisation(body: shapes.Founding): Promise<shapes.OrganisationOut>;
  /** Invite somebody. */
  invitePerson(handle: string, body: shapes.InvitationIn): Promise<shapes.InvitationOut>;
  /** Get a ticket for a socket. */
  issueTicket(): Promise<shapes.TicketOut>;
  /** Make an access token. */
  issueToken(body: shapes.TokenIn): Promise<shapes.NewTokenOut>;
  /** End a connection, or take a request back. */
  leaveConnection(memberId: number): Promise<shapes.RelationOut>;
  /** List whom I blocked. */
  listBlocked(query?: { cursor?: string }): Promise<shapes.PeoplePage>;
  /** List the comments on a post. */
  listComments(postId: number, query?: { cursor?: string }): Promise<shapes.CommentPage>;
  /** List my connections, latest first. */
  listConnections(query?: { cursor?: string }): Promise<shapes.PeoplePage>;
  /** List your drafts. */
  listDrafts(): Promise<Array<shapes.Draft>>;
  /** List who follows me, latest first. */
  listFollowers(query?: { cursor?: string }): Promise<shapes.PeoplePage>;
  /** List whom I follow, latest first. */
  listFollowing(query?: { cursor?: string }): Promise<shapes.PeoplePage>;
  /** List what is talked about. */
  listHashtags(): Promise<Array<shapes.Talk>>;
  /** List open invitations. */
  listInvitations(handle: string): Promise<Array<shapes.InvitationOut>>;
  /** List who asks to join. */
  listJoinRequests(handle: string): Promise<Array<shapes.RequestOut>>;
  /** List who belongs there. */
  listMembers(handle: string, query?: { cursor?: string }): Promise<shapes.MembershipPage>;
  /** List whom I muted. */
  listMuted(query?: { cursor?: string }): Promise<shapes.PeoplePage>;
  /** List what I was told, latest first. */
  listNotifications(query?: { unread?: boolean; group?: string; cursor?: string }): Promise<shapes.NotificationPage>;
  /** List organisations by name. */
  listOrganisations(query?: { q?: string; kind?: shapes.Kind | null; place?: string; cursor?: string }): Promise<shapes.OrganisationPage>;
  /** List invitations to me. */
  listOwnInvitations(): Promise<Array<shapes.InvitationOut>>;
  /** List where I belong. */
  listOwnMemberships(): Promise<Array<shapes.OwnMembershipOut>>;
  /** List people by name. */
  listPeople(query?: { q?: string; skill?: string; hat?: shapes.Hat | null; place?: string; availability?: shapes.Availability | null; cursor?: string }): Promise<shapes.CardPage>;
  /** List all versions. */
  listPostVersions(postId: number): Promise<Array<shapes.Version>>;
  /** List the posts of a tab, page by page. */
  listPosts(query?: { tab?: "for-you" | "latest" | "following"; cursor?: string }): Promise<shapes.PostPage>;
  /** List posts about a hashtag. */
  listPostsAbout(name: string, query?: { cursor?: string }): Promise<shapes.PostPage>;
  /** List the posts of a member. */
  listPostsBy(handle: string, query?: { cursor?: string }): Promise<shapes.PostPage>;
  /** List the posts for an organisation. */
  listPostsFor(handle: string, query?: { cursor?: string }): Promise<shapes.PostPage>;
  /** List who reacted, and how. */
  listReactions(postId: number, query?: { cursor?: string }): Promise<shapes.ReactionPage>;
  /** List who waits for my answer. */
  listRequestsReceived(query?: { cursor?: string }): Promise<shapes.PeoplePage>;
  /** List whose answer I wait for. */
  listRequestsSent(query?: { cursor?: string }): Promise<shapes.PeoplePage>;
  /** List what you keep for later. */
  listSaved(query?: { cursor?: string }): Promise<shapes.PostPage>;
  /** List my signed-in devices. */
  listSessions(): Promise<Array<shapes.SessionOut>>;
  /** List people I may know, and why. */
  listSuggestions(): Promise<Array<shapes.SuggestionOut>>;
  /** List my access tokens. */
  listTokens(): Promise<Array<shapes.TokenOut>>;
  /** Mark notifications as read. */
  markRead(body: shapes.ReadIn): Promise<shapes.CountersOut>;
  /** Mark notifications as seen. */
  markSeen(body: shapes.SeenIn): Promise<shapes.CountersOut>;
  /** Hear nothing of a member. */
  muteMember(memberId: number): Promise<shapes.RelationOut>;
  /** Pause mail until a moment, or end the pause. */
  pauseMail(body: shapes.PauseIn): Promise<shapes.PreferencesOut>;
  /** Publish a draft. */
  publishDraft(draftId: number): Promise<shapes.Post>;
  /** Publish a post. */
  publishPost(body: shapes.CompositionIn): Promise<shapes.Post>;
  /** React, or react differently. */
  reactToPost(postId: number, body: shapes.ReactionIn): Promise<shapes.Post>;
  /** Read a comment. */
  readComment(commentId: number): Promise<shapes.Comment>;
  /** Read a draft. */
  readDraft(draftId: number): Promise<shapes.Draft>;
  /** Read what became of a file of yours. */
  readFile(key: string): Promise<shapes.StoredFile>;
  /** Read a hashtag. */
  readHashtag(name: string): Promise<shapes.HashtagName>;
  /** Read who I am. */
  readMe(): Promise<shapes.MeOut>;
  /** Mark one notification as read. */
  readNotification(notificationId: number): Promise<shapes.NotificationOut>;
  /** Read an organisation. */
  readOrganisation(handle: string): Promise<shapes.OrganisationOut>;
  /** Read a post. */
  readPost(postId: number): Promise<shapes.Post>;
  /** Read the Markdown of a post. */
  readPostText(postId: number): Promise<shapes.Text>;
  /** Read what I am told, where and when. */
  readPreferences(): Promise<shapes.PreferencesOut>;
  /** Read a profile. */
  readProfile(handle: string): Promise<shapes.ProfileOut>;
  /** Read how I stand to a member. */
  readRelation(memberId: number): Promise<shapes.RelationOut>;
  /** Read how I stand to an organisation. */
  readStanding(handle: string): Promise<shapes.StandingOut>;
  /** Read who sees what of my profile. */
  readVisibility(): Promise<shapes.VisibilityOut>;
  /** Remove an experience. */
  removeExperience(entryId: number): Promise<void>;
  /** Remove a language. */
  removeLanguage(entryId: number): Promise<void>;
  /** Remove a link. */
  removeLink(entryId: number): Promise<void>;
  /** Remove a piece of work. */
  removePortfolioItem(entryId: number): Promise<void>;
  /** Remove a qualification. */
  removeQualification(entryId: number): Promise<void>;
  /** Take another handle. */
  renameMe(body: shapes.HandleIn): Promise<shapes.MeOut>;
  /** Show what a text becomes. */
  renderText(body: shapes.ShownIn): Promise<shapes.RenderedText>;
  /** Reopen a closed organisation. */
  reopenOrganisation(handle: string): Promise<shapes.OrganisationOut>;
  /** Pass a post on. */
  repostPost(postId: number, body: shapes.NoteIn): Promise<shapes.Post>;
  /** Ask a member to connect. */
  requestConnection(memberId: number, body: shapes.RequestIn): Promise<shapes.RelationOut>;
  /** Ask to join. */
  requestToJoin(handle: string, body: shapes.JoinNoteIn): Promise<shapes.RequestOut>;
  /** Restore a post just deleted. */
  restorePost(postId: number): Promise<shapes.Post>;
  /** Withdraw an invitation. */
  revokeInvitation(invitationId: number): Promise<void>;
  /** Revoke an access token. */
  revokeToken(tokenId: number): Promise<void>;
  /** Save a draft. */
  saveDraft(draftId: number, body: shapes.CompositionIn, version: string): Promise<shapes.Draft>;
  /** Keep a post for later. */
  savePost(postId: number): Promise<void>;
  /** Have a draft published at a moment. */
  scheduleDraft(draftId: number, body: shapes.MomentIn): Promise<shapes.Draft>;
  /** Send an invitation again. */
  sendInvitationAgain(invitationId: number): Promise<shapes.InvitationOut>;
  /** Suggest skills for a few letters. */
  suggestSkills(query?: { q?: string; limit?: number }): Promise<Array<shapes.SkillOut>>;
  /** Switch the active hat. */
  switchHat(body: shapes.HatIn): Promise<shapes.MeOut>;
  /** Let a member back. */
  unblockMember(memberId: number): Promise<shapes.RelationOut>;
  /** Let a post be shown for you again. */
  undismissPost(postId: number): Promise<void>;
  /** Stop following a hashtag. */
  unfollowHashtag(name: string): Promise<void>;
  /** Stop following a member. */
  unfollowMember(memberId: number): Promise<shapes.RelationOut>;
  /** Hear of a member again. */
  unmuteMember(memberId: number): Promise<shapes.RelationOut>;
  /** Keep a post no longer. */
  unsavePost(postId: number): Promise<void>;
  /** Leave a draft unpublished. */
  unscheduleDraft(draftId: number): Promise<shapes.Draft>;
  /** Upload a file. */
  uploadFile(body: FormData): Promise<shapes.StoredFile>;
  /** Vote in a poll, or vote differently. */
  voteInPoll(postId: number, body: shapes.VoteIn): Promise<shapes.Post>;
  /** Take my request to join back. */
  withdrawJoinRequest(requestId: number): Promise<void>;
  /** Make a post just published a draft again. */
  withdrawPost(postId: number): Promise<shapes.Draft>;
  /** Take your reaction back. */
  withdrawReaction(postId: number): Promise<shapes.Post>;
  /** Take back your repost without a note. */
  withdrawRepost(postId: number): Promise<void>;
}
