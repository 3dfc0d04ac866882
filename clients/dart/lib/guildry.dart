// Made by `guildry contracts clients` from contracts 0.1.0; changes here are lost.
import 'dart:convert';

import 'package:http/http.dart' as http;

class ActorOut {
  const ActorOut({
    required this.handle,
    required this.id,
    required this.name,
    required this.portrait,
  });
  final String handle;
  final int id;
  final String name;
  final String portrait;
  factory ActorOut.fromJson(Map<String, Object?> json) => ActorOut(
        handle: json['handle']! as String,
        id: json['id']! as int,
        name: json['name']! as String,
        portrait: json['portrait']! as String,
      );
  Map<String, Object?> toJson() => <String, Object?>{
        'handle': handle,
        'id': id,
        'name': name,
        'portrait': portrait,
      };
}

enum Audience {
  unknown(''),
  everyone('everyone'),
  connections('connections'),
  organisation('organisation'),
  ;
  const Audience(this.wire);
  final String wire;
  static Audience of(Object? wire) =>
      values.firstWhere((value) => value.wire == wire, orElse: () => unknown);
}

class Author {
  const Author({
    required this.handle,
    required this.headline,
    required this.id,
    required this.name,
    required this.portrait,
  });
  final String handle;
  final String headline;
  final int id;
  final String name;
  final String portrait;
  factory Author.fromJson(Map<String, Object?> json) => Author(
        handle: json['handle']! as String,
        headline: json['headline']! as String,
        id: json['id']! as int,
        name: json['name']! as String,
        portrait: json['portrait']! as String,
      );
  Map<String, Object?> toJson() => <String, Object?>{
        'handle': handle,
        'headline': headline,
        'id': id,
        'name': name,
        'portrait': portrait,
      };
}

enum Availability {
  unknown(''),
  open('open'),
  soon('soon'),
  limited('limited'),
  busy('busy'),
  ;
  const Availability(this.wire);
  final String wire;
  static Availability of(Object? wire) =>
      values.firstWhere((value) => value.wire == wire, orElse: () => unknown);
}

class AvailabilityIn {
  const AvailabilityIn({
    this.availability,
    this.availableOn,
    this.dayRate,
    this.hourRate,
    this.hoursPerWeek,
  });
  final Availability? availability;
  final String? availableOn;
  final MoneyBody? dayRate;
  final MoneyBody? hourRate;
  final int? hoursPerWeek;
  factory AvailabilityIn.fromJson(Map<String, Object?> json) => AvailabilityIn(
        availability: json['availability'] == null ? null : Availability.of(json['availability']),
        availableOn: json['available_on'] as String?,
        dayRate: json['day_rate'] == null ? null : MoneyBody.fromJson(json['day_rate']! as Map<String, Object?>),
        hourRate: json['hour_rate'] == null ? null : MoneyBody.fromJson(json['hour_rate']! as Map<String, Object?>),
        hoursPerWeek: json['hours_per_week'] as int?,
      );
  Map<String, Object?> toJson() => <String, Object?>{
        if (availability != null) 'availability': availability!.wire,
        if (availableOn != null) 'available_on': availableOn!,
        if (dayRate != null) 'day_rate': dayRate!.toJson(),
        if (hourRate != null) 'hour_rate': hourRate!.toJson(),
        if (hoursPerWeek != null) 'hours_per_week': hoursPerWeek!,
      };
}

class CardOut {
  const CardOut({
    required this.availability,
    required this.handle,
    required this.hats,
    required this.headline,
    required this.id,
    required this.name,
    required this.place,
    required this.portrait,
    required this.skills,
  });
  final String availability;
  final String handle;
  final List<String> hats;
  final String headline;
  final int id;
  final String name;
  final String place;
  final String portrait;
  final List<String> skills;
  factory CardOut.fromJson(Map<String, Object?> json) => CardOut(
        availability: json['availability']! as String,
        handle: json['handle']! as String,
        hats: <String>[for (final one in json['hats']! as List<Object?>) one! as String],
        headline: json['headline']! as String,
        id: json['id']! as int,
        name: json['name']! as String,
        place: json['place']! as String,
        portrait: json['portrait']! as String,
        skills: <String>[for (final one in json['skills']! as List<Object?>) one! as String],
      );
  Map<String, Object?> toJson() => <String, Object?>{
        'availability': availability,
        'handle': handle,
        'hats': hats,
        'headline': headline,
        'id': id,
        'name': name,
        'place': place,
        'portrait': portrait,
        'skills': skills,
      };
}

class CardPage {
  const CardPage({
    required this.items,
    required this.nextCursor,
  });
  final List<CardOut> items;
  final String nextCursor;
  factory CardPage.fromJson(Map<String, Object?> json) => CardPage(
        items: <CardOut>[for (final one in json['items']! as List<Object?>) CardOut.fromJson(one! as Map<String, Object?>)],
        nextCursor: json['next_cursor']! as String,
      );
  Map<String, Object?> toJson() => <String, Object?>{
        'items': [for (final one in items) one.toJson()],
        'next_cursor': nextCursor,
      };
}

class ChannelsBody {
  const ChannelsBody({
    required this.app,
    required this.mail,
  });
  final bool app;
  final Mail mail;
  factory ChannelsBody.fromJson(Map<String, Object?> json) => ChannelsBody(
        app: json['app']! as bool,
        mail: Mail.of(json['mail']),
      );
  Map<String, Object?> toJson() => <String, Object?>{
        'app': app,
        'mail': mail.wire,
      };
}

/// One comment for one viewer; a deleted one keeps its place and nothing else.
class Comment {
  const Comment({
    required this.author,
    required this.createdAt,
    required this.depth,
    required this.editedAt,
    required this.html,
    required this.id,
    required this.isDeleted,
    required this.isMine,
    required this.parentId,
  });
  final Author? author;
  final String createdAt;
  final int depth;
  final String? editedAt;
  final String html;
  final int id;
  final bool isDeleted;
  final bool isMine;
  final int? parentId;
  factory Comment.fromJson(Map<String, Object?> json) => Comment(
        author: json['author'] == null ? null : Author.fromJson(json['author']! as Map<String, Object?>),
        createdAt: json['created_at']! as String,
        depth: json['depth']! as int,
        editedAt: json['edited_at'] as String?,
        html: json['html']! as String,
        id: json['id']! as int,
        isDeleted: json['is_deleted']! as bool,
        isMine: json['is_mine']! as bool,
        parentId: json['parent_id'] as int?,
      );
  Map<String, Object?> toJson() => <String, Object?>{
        'author': author == null ? null : author!.toJson(),
        'created_at': createdAt,
        'depth': depth,
        'edited_at': editedAt,
        'html': html,
        'id': id,
        'is_deleted': isDeleted,
        'is_mine': isMine,
        'parent_id': parentId,
      };
}

/// `parent_id` is the comment this one answers.
class CommentIn {
  const CommentIn({
    required this.body,
    this.parentId,
  });
  final String body;
  final int? parentId;
  factory CommentIn.fromJson(Map<String, Object?> json) => CommentIn(
        body: json['body']! as String,
        parentId: json['parent_id'] as int?,
      );
  Map<String, Object?> toJson() => <String, Object?>{
        'body': body,
        if (parentId != null) 'parent_id': parentId!,
      };
}

class CommentPage {
  const CommentPage({
    required this.items,
    required this.nextCursor,
  });
  final List<Comment> items;
  final String nextCursor;
  factory CommentPage.fromJson(Map<String, Object?> json) => CommentPage(
        items: <Comment>[for (final one in json['items']! as List<Object?>) Comment.fromJson(one! as Map<String, Object?>)],
        nextCursor: json['next_cursor']! as String,
      );
  Map<String, Object?> toJson() => <String, Object?>{
        'items': [for (final one in items) one.toJson()],
        'next_cursor': nextCursor,
      };
}

/// What to publish; `organisation_id` goes with the audience "organisation" and no other.
class CompositionIn {
  const CompositionIn({
    this.audience,
    this.body,
    this.organisationId,
    this.pictures,
    this.poll,
  });
  final Audience? audience;
  final String? body;
  final int? organisationId;
  final List<PictureIn>? pictures;
  final PollIn? poll;
  factory CompositionIn.fromJson(Map<String, Object?> json) => CompositionIn(
        audience: json['audience'] == null ? null : Audience.of(json['audience']),
        body: json['body'] as String?,
        organisationId: json['organisation_id'] as int?,
        pictures: json['pictures'] == null ? null : <PictureIn>[for (final one in json['pictures']! as List<Object?>) PictureIn.fromJson(one! as Map<String, Object?>)],
        poll: json['poll'] == null ? null : PollIn.fromJson(json['poll']! as Map<String, Object?>),
      );
  Map<String, Object?> toJson() => <String, Object?>{
        if (audience != null) 'audience': audience!.wire,
        if (body != null) 'body': body!,
        if (organisationId != null) 'organisation_id': organisationId!,
        if (pictures != null) 'pictures': [for (final one in pictures!) one.toJson()],
        if (poll != null) 'poll': poll!.toJson(),
      };
}

class CountersOut {
  const CountersOut({
    required this.unread,
  });
  final int unread;
  factory CountersOut.fromJson(Map<String, Object?> json) => CountersOut(
        unread: json['unread']! as int,
      );
  Map<String, Object?> toJson() => <String, Object?>{
        'unread': unread,
      };
}

enum Digest {
  unknown(''),
  off('off'),
  daily('daily'),
  weekly('weekly'),
  ;
  const Digest(this.wire);
  final String wire;
  static Digest of(Object? wire) =>
      values.firstWhere((value) => value.wire == wire, orElse: () => unknown);
}

/// An unpublished composition; `refusal` is why it could not be published when it was due.
class Draft {
  const Draft({
    required this.audience,
    required this.body,
    required this.id,
    required this.organisationId,
    required this.pictures,
    required this.poll,
    required this.refusal,
    required this.savedAt,
    required this.scheduledFor,
    required this.version,
  });
  final String audience;
  final String body;
  final int id;
  final int? organisationId;
  final List<DraftPicture> pictures;
  final DraftPoll? poll;
  final String refusal;
  final String savedAt;
  final String? scheduledFor;
  final int version;
  factory Draft.fromJson(Map<String, Object?> json) => Draft(
        audience: json['audience']! as String,
        body: json['body']! as String,
        id: json['id']! as int,
        organisationId: json['organisation_id'] as int?,
        pictures: <DraftPicture>[for (final one in json['pictures']! as List<Object?>) DraftPicture.fromJson(one! as Map<String, Object?>)],
        poll: json['poll'] == null ? null : DraftPoll.fromJson(json['poll']! as Map<String, Object?>),
        refusal: json['refusal']! as String,
        savedAt: json['saved_at']! as String,
        scheduledFor: json['scheduled_for'] as String?,
        version: json['version']! as int,
      );
  Map<String, Object?> toJson() => <String, Object?>{
        'audience': audience,
        'body': body,
        'id': id,
        'organisation_id': organisationId,
        'pictures': [for (final one in pictures) one.toJson()],
        'poll': poll == null ? null : poll!.toJson(),
        'refusal': refusal,
        'saved_at': savedAt,
        'scheduled_for': scheduledFor,
        'version': version,
      };
}

class DraftPicture {
  const DraftPicture({
    required this.description,
    required this.focusX,
    required this.focusY,
    required this.key,
  });
  final String description;
  final int focusX;
  final int focusY;
  final String key;
  factory DraftPicture.fromJson(Map<String, Object?> json) => DraftPicture(
        description: json['description']! as String,
        focusX: json['focus_x']! as int,
        focusY: json['focus_y']! as int,
        key: json['key']! as String,
      );
  Map<String, Object?> toJson() => <String, Object?>{
        'description': description,
        'focus_x': focusX,
        'focus_y': focusY,
        'key': key,
      };
}

class DraftPoll {
  const DraftPoll({
    required this.days,
    required this.options,
    required this.question,
  });
  final int days;
  final List<String> options;
  final String question;
  factory DraftPoll.fromJson(Map<String, Object?> json) => DraftPoll(
        days: json['days']! as int,
        options: <String>[for (final one in json['options']! as List<Object?>) one! as String],
        question: json['question']! as String,
      );
  Map<String, Object?> toJson() => <String, Object?>{
        'days': days,
        'options': options,
        'question': question,
      };
}

/// What is left out stays as it is.
class Edits {
  const Edits({
    this.acceptsRequests,
    this.founded,
    this.kind,
    this.name,
    this.place,
    this.size,
    this.story,
    this.tagline,
    this.website,
  });
  final bool? acceptsRequests;
  final int? founded;
  final Kind? kind;
  final String? name;
  final String? place;
  final Size? size;
  final String? story;
  final String? tagline;
  final String? website;
  factory Edits.fromJson(Map<String, Object?> json) => Edits(
        acceptsRequests: json['accepts_requests'] as bool?,
        founded: json['founded'] as int?,
        kind: json['kind'] == null ? null : Kind.of(json['kind']),
        name: json['name'] as String?,
        place: json['place'] as String?,
        size: json['size'] == null ? null : Size.of(json['size']),
        story: json['story'] as String?,
        tagline: json['tagline'] as String?,
        website: json['website'] as String?,
      );
  Map<String, Object?> toJson() => <String, Object?>{
        if (acceptsRequests != null) 'accepts_requests': acceptsRequests!,
        if (founded != null) 'founded': founded!,
        if (kind != null) 'kind': kind!.wire,
        if (name != null) 'name': name!,
        if (place != null) 'place': place!,
        if (size != null) 'size': size!.wire,
        if (story != null) 'story': story!,
        if (tagline != null) 'tagline': tagline!,
        if (website != null) 'website': website!,
      };
}

class EndedOut {
  const EndedOut({
    required this.ended,
  });
  final int ended;
  factory EndedOut.fromJson(Map<String, Object?> json) => EndedOut(
        ended: json['ended']! as int,
      );
  Map<String, Object?> toJson() => <String, Object?>{
        'ended': ended,
      };
}

class ExperienceIn {
  const ExperienceIn({
    this.description,
    this.endedOn,
    this.organisationName,
    this.place,
    required this.startedOn,
    required this.title,
  });
  final String? description;
  final String? endedOn;
  final String? organisationName;
  final String? place;
  final String startedOn;
  final String title;
  factory ExperienceIn.fromJson(Map<String, Object?> json) => ExperienceIn(
        description: json['description'] as String?,
        endedOn: json['ended_on'] as String?,
        organisationName: json['organisation_name'] as String?,
        place: json['place'] as String?,
        startedOn: json['started_on']! as String,
        title: json['title']! as String,
      );
  Map<String, Object?> toJson() => <String, Object?>{
        if (description != null) 'description': description!,
        if (endedOn != null) 'ended_on': endedOn!,
        if (organisationName != null) 'organisation_name': organisationName!,
        if (place != null) 'place': place!,
        'started_on': startedOn,
        'title': title,
      };
}

class ExperienceOut {
  const ExperienceOut({
    required this.description,
    required this.endedOn,
    required this.id,
    required this.organisationName,
    required this.place,
    required this.startedOn,
    required this.title,
  });
  final String description;
  final String? endedOn;
  final int id;
  final String organisationName;
  final String place;
  final String startedOn;
  final String title;
  factory ExperienceOut.fromJson(Map<String, Object?> json) => ExperienceOut(
        description: json['description']! as String,
        endedOn: json['ended_on'] as String?,
        id: json['id']! as int,
        organisationName: json['organisation_name']! as String,
        place: json['place']! as String,
        startedOn: json['started_on']! as String,
        title: json['title']! as String,
      );
  Map<String, Object?> toJson() => <String, Object?>{
        'description': description,
        'ended_on': endedOn,
        'id': id,
        'organisation_name': organisationName,
        'place': place,
        'started_on': startedOn,
        'title': title,
      };
}

class Founding {
  const Founding({
    required this.handle,
    required this.kind,
    required this.name,
    this.place,
    this.story,
    this.tagline,
    this.website,
  });
  final String handle;
  final Kind kind;
  final String name;
  final String? place;
  final String? story;
  final String? tagline;
  final String? website;
  factory Founding.fromJson(Map<String, Object?> json) => Founding(
        handle: json['handle']! as String,
        kind: Kind.of(json['kind']),
        name: json['name']! as String,
        place: json['place'] as String?,
        story: json['story'] as String?,
        tagline: json['tagline'] as String?,
        website: json['website'] as String?,
      );
  Map<String, Object?> toJson() => <String, Object?>{
        'handle': handle,
        'kind': kind.wire,
        'name': name,
        if (place != null) 'place': place!,
        if (story != null) 'story': story!,
        if (tagline != null) 'tagline': tagline!,
        if (website != null) 'website': website!,
      };
}

class HandleIn {
  const HandleIn({
    required this.handle,
  });
  final String handle;
  factory HandleIn.fromJson(Map<String, Object?> json) => HandleIn(
        handle: json['handle']! as String,
      );
  Map<String, Object?> toJson() => <String, Object?>{
        'handle': handle,
      };
}

class HashtagName {
  const HashtagName({
    required this.isFollowed,
    required this.name,
  });
  final bool isFollowed;
  final String name;
  factory HashtagName.fromJson(Map<String, Object?> json) => HashtagName(
        isFollowed: json['is_followed']! as bool,
        name: json['name']! as String,
      );
  Map<String, Object?> toJson() => <String, Object?>{
        'is_followed': isFollowed,
        'name': name,
      };
}

/// What members do here; they put these on themselves.
enum Hat {
  unknown(''),
  freelancer('freelancer'),
  client('client'),
  jobSeeker('job_seeker'),
  mentor('mentor'),
  volunteer('volunteer'),
  organiser('organiser'),
  advertiser('advertiser'),
  ;
  const Hat(this.wire);
  final String wire;
  static Hat of(Object? wire) =>
      values.firstWhere((value) => value.wire == wire, orElse: () => unknown);
}

/// One of the hats I wear, or none with an empty text.
class HatIn {
  const HatIn({
    required this.hat,
  });
  final Object? hat;
  factory HatIn.fromJson(Map<String, Object?> json) => HatIn(
        hat: json['hat'],
      );
  Map<String, Object?> toJson() => <String, Object?>{
        'hat': hat,
      };
}

class HatsIn {
  const HatsIn({
    required this.hats,
  });
  final List<Hat> hats;
  factory HatsIn.fromJson(Map<String, Object?> json) => HatsIn(
        hats: <Hat>[for (final one in json['hats']! as List<Object?>) Hat.of(one)],
      );
  Map<String, Object?> toJson() => <String, Object?>{
        'hats': [for (final one in hats) one.wire],
      };
}

/// `small` and `large` are signed addresses of two widths; the focus is in percent.
class Image {
  const Image({
    required this.description,
    required this.focusX,
    required this.focusY,
    required this.height,
    required this.large,
    required this.small,
    required this.width,
  });
  final String description;
  final int focusX;
  final int focusY;
  final int height;
  final String large;
  final String small;
  final int width;
  factory Image.fromJson(Map<String, Object?> json) => Image(
        description: json['description']! as String,
        focusX: json['focus_x']! as int,
        focusY: json['focus_y']! as int,
        height: json['height']! as int,
        large: json['large']! as String,
        small: json['small']! as String,
        width: json['width']! as int,
      );
  Map<String, Object?> toJson() => <String, Object?>{
        'description': description,
        'focus_x': focusX,
        'focus_y': focusY,
        'height': height,
        'large': large,
        'small': small,
        'width': width,
      };
}

class InvitationIn {
  const InvitationIn({
    this.note,
    this.role,
    required this.to,
  });
  final String? note;
  final Role? role;
  final String to;
  factory InvitationIn.fromJson(Map<String, Object?> json) => InvitationIn(
        note: json['note'] as String?,
        role: json['role'] == null ? null : Role.of(json['role']),
        to: json['to']! as String,
      );
  Map<String, Object?> toJson() => <String, Object?>{
        if (note != null) 'note': note!,
        if (role != null) 'role': role!.wire,
        'to': to,
      };
}

class InvitationOut {
  const InvitationOut({
    required this.createdAt,
    required this.email,
    required this.expiresAt,
    required this.id,
    required this.memberId,
    required this.note,
    required this.organisationId,
    required this.role,
    required this.state,
  });
  final String createdAt;
  final String email;
  final String expiresAt;
  final int id;
  final int? memberId;
  final String note;
  final int organisationId;
  final String role;
  final String state;
  factory InvitationOut.fromJson(Map<String, Object?> json) => InvitationOut(
        createdAt: json['created_at']! as String,
        email: json['email']! as String,
        expiresAt: json['expires_at']! as String,
        id: json['id']! as int,
        memberId: json['member_id'] as int?,
        note: json['note']! as String,
        organisationId: json['organisation_id']! as int,
        role: json['role']! as String,
        state: json['state']! as String,
      );
  Map<String, Object?> toJson() => <String, Object?>{
        'created_at': createdAt,
        'email': email,
        'expires_at': expiresAt,
        'id': id,
        'member_id': memberId,
        'note': note,
        'organisation_id': organisationId,
        'role': role,
        'state': state,
      };
}

class JoinNoteIn {
  const JoinNoteIn({
    this.note,
  });
  final String? note;
  factory JoinNoteIn.fromJson(Map<String, Object?> json) => JoinNoteIn(
        note: json['note'] as String?,
      );
  Map<String, Object?> toJson() => <String, Object?>{
        if (note != null) 'note': note!,
      };
}

enum Kind {
  unknown(''),
  company('company'),
  agency('agency'),
  charity('charity'),
  chapter('chapter'),
  ;
  const Kind(this.wire);
  final String wire;
  static Kind of(Object? wire) =>
      values.firstWhere((value) => value.wire == wire, orElse: () => unknown);
}

class LanguageIn {
  const LanguageIn({
    required this.code,
    required this.level,
  });
  final String code;
  final Level level;
  factory LanguageIn.fromJson(Map<String, Object?> json) => LanguageIn(
        code: json['code']! as String,
        level: Level.of(json['level']),
      );
  Map<String, Object?> toJson() => <String, Object?>{
        'code': code,
        'level': level.wire,
      };
}

class LanguageOut {
  const LanguageOut({
    required this.code,
    required this.id,
    required this.level,
  });
  final String code;
  final int id;
  final String level;
  factory LanguageOut.fromJson(Map<String, Object?> json) => LanguageOut(
        code: json['code']! as String,
        id: json['id']! as int,
        level: json['level']! as String,
      );
  Map<String, Object?> toJson() => <String, Object?>{
        'code': code,
        'id': id,
        'level': level,
      };
}

enum Level {
  unknown(''),
  native('native'),
  fluent('fluent'),
  professional('professional'),
  conversational('conversational'),
  basic('basic'),
  ;
  const Level(this.wire);
  final String wire;
  static Level of(Object? wire) =>
      values.firstWhere((value) => value.wire == wire, orElse: () => unknown);
}

class LinkIn {
  const LinkIn({
    required this.label,
    required this.url,
  });
  final String label;
  final String url;
  factory LinkIn.fromJson(Map<String, Object?> json) => LinkIn(
        label: json['label']! as String,
        url: json['url']! as String,
      );
  Map<String, Object?> toJson() => <String, Object?>{
        'label': label,
        'url': url,
      };
}

class LinkOut {
  const LinkOut({
    required this.id,
    required this.label,
    required this.url,
  });
  final int id;
  final String label;
  final String url;
  factory LinkOut.fromJson(Map<String, Object?> json) => LinkOut(
        id: json['id']! as int,
        label: json['label']! as String,
        url: json['url']! as String,
      );
  Map<String, Object?> toJson() => <String, Object?>{
        'id': id,
        'label': label,
        'url': url,
      };
}

/// When mail goes out about one kind of notification.
enum Mail {
  unknown(''),
  off('off'),
  digest('digest'),
  instant('instant'),
  ;
  const Mail(this.wire);
  final String wire;
  static Mail of(Object? wire) =>
      values.firstWhere((value) => value.wire == wire, orElse: () => unknown);
}

class MeOut {
  const MeOut({
    required this.activeHat,
    required this.email,
    required this.handle,
    required this.hats,
    required this.headline,
    required this.id,
    required this.locale,
    required this.name,
    required this.portrait,
    required this.staffRoles,
    required this.theme,
    required this.timeZone,
  });
  final String activeHat;
  final String email;
  final String handle;
  final List<String> hats;
  final String headline;
  final int id;
  final String locale;
  final String name;
  final String portrait;
  final List<String> staffRoles;
  final String theme;
  final String timeZone;
  factory MeOut.fromJson(Map<String, Object?> json) => MeOut(
        activeHat: json['active_hat']! as String,
        email: json['email']! as String,
        handle: json['handle']! as String,
        hats: <String>[for (final one in json['hats']! as List<Object?>) one! as String],
        headline: json['headline']! as String,
        id: json['id']! as int,
        locale: json['locale']! as String,
        name: json['name']! as String,
        portrait: json['portrait']! as String,
        staffRoles: <String>[for (final one in json['staff_roles']! as List<Object?>) one! as String],
        theme: json['theme']! as String,
        timeZone: json['time_zone']! as String,
      );
  Map<String, Object?> toJson() => <String, Object?>{
        'active_hat': activeHat,
        'email': email,
        'handle': handle,
        'hats': hats,
        'headline': headline,
        'id': id,
        'locale': locale,
        'name': name,
        'portrait': portrait,
        'staff_roles': staffRoles,
        'theme': theme,
        'time_zone': timeZone,
      };
}

class MemberOut {
  const MemberOut({
    required this.handle,
    required this.headline,
    required this.id,
    required this.name,
    required this.portrait,
  });
  final String handle;
  final String headline;
  final int id;
  final String name;
  final String portrait;
  factory MemberOut.fromJson(Map<String, Object?> json) => MemberOut(
        handle: json['handle']! as String,
        headline: json['headline']! as String,
        id: json['id']! as int,
        name: json['name']! as String,
        portrait: json['portrait']! as String,
      );
  Map<String, Object?> toJson() => <String, Object?>{
        'handle': handle,
        'headline': headline,
        'id': id,
        'name': name,
        'portrait': portrait,
      };
}

class MembershipOut {
  const MembershipOut({
    required this.handle,
    required this.headline,
    required this.memberId,
    required this.name,
    required this.role,
    required this.startedAt,
    required this.title,
  });
  final String handle;
  final String headline;
  final int memberId;
  final String name;
  final String role;
  final String startedAt;
  final String title;
  factory MembershipOut.fromJson(Map<String, Object?> json) => MembershipOut(
        handle: json['handle']! as String,
        headline: json['headline']! as String,
        memberId: json['member_id']! as int,
        name: json['name']! as String,
        role: json['role']! as String,
        startedAt: json['started_at']! as String,
        title: json['title']! as String,
      );
  Map<String, Object?> toJson() => <String, Object?>{
        'handle': handle,
        'headline': headline,
        'member_id': memberId,
        'name': name,
        'role': role,
        'started_at': startedAt,
        'title': title,
      };
}

class MembershipPage {
  const MembershipPage({
    required this.items,
    required this.nextCursor,
  });
  final List<MembershipOut> items;
  final String nextCursor;
  factory MembershipPage.fromJson(Map<String, Object?> json) => MembershipPage(
        items: <MembershipOut>[for (final one in json['items']! as List<Object?>) MembershipOut.fromJson(one! as Map<String, Object?>)],
        nextCursor: json['next_cursor']! as String,
      );
  Map<String, Object?> toJson() => <String, Object?>{
        'items': [for (final one in items) one.toJson()],
        'next_cursor': nextCursor,
      };
}

class MomentIn {
  const MomentIn({
    required this.publishAt,
  });
  final String publishAt;
  factory MomentIn.fromJson(Map<String, Object?> json) => MomentIn(
        publishAt: json['publish_at']! as String,
      );
  Map<String, Object?> toJson() => <String, Object?>{
        'publish_at': publishAt,
      };
}

class MoneyBody {
  const MoneyBody({
    required this.currency,
    required this.minor,
  });
  final String currency;
  final int minor;
  factory MoneyBody.fromJson(Map<String, Object?> json) => MoneyBody(
        currency: json['currency']! as String,
        minor: json['minor']! as int,
      );
  Map<String, Object?> toJson() => <String, Object?>{
        'currency': currency,
        'minor': minor,
      };
}

/// How many posts came after the one named, 99 at the most.
class NewPosts {
  const NewPosts({
    required this.count,
  });
  final int count;
  factory NewPosts.fromJson(Map<String, Object?> json) => NewPosts(
        count: json['count']! as int,
      );
  Map<String, Object?> toJson() => <String, Object?>{
        'count': count,
      };
}

/// A token as its only reader gets it: the secret is shown here and nowhere else.
class NewTokenOut {
  const NewTokenOut({
    required this.createdAt,
    required this.expiresAt,
    required this.id,
    required this.lastUsedAt,
    required this.name,
    required this.prefix,
    required this.scopes,
    required this.secret,
  });
  final String createdAt;
  final String expiresAt;
  final int id;
  final String? lastUsedAt;
  final String name;
  final String prefix;
  final List<String> scopes;
  final String secret;
  factory NewTokenOut.fromJson(Map<String, Object?> json) => NewTokenOut(
        createdAt: json['created_at']! as String,
        expiresAt: json['expires_at']! as String,
        id: json['id']! as int,
        lastUsedAt: json['last_used_at'] as String?,
        name: json['name']! as String,
        prefix: json['prefix']! as String,
        scopes: <String>[for (final one in json['scopes']! as List<Object?>) one! as String],
        secret: json['secret']! as String,
      );
  Map<String, Object?> toJson() => <String, Object?>{
        'created_at': createdAt,
        'expires_at': expiresAt,
        'id': id,
        'last_used_at': lastUsedAt,
        'name': name,
        'prefix': prefix,
        'scopes': scopes,
        'secret': secret,
      };
}

class NoteIn {
  const NoteIn({
    this.note,
  });
  final String? note;
  factory NoteIn.fromJson(Map<String, Object?> json) => NoteIn(
        note: json['note'] as String?,
      );
  Map<String, Object?> toJson() => <String, Object?>{
        if (note != null) 'note': note!,
      };
}

class NotificationOut {
  const NotificationOut({
    required this.actor,
    required this.createdAt,
    required this.id,
    required this.isRead,
    required this.isSeen,
    required this.kind,
    required this.text,
    required this.url,
  });
  final ActorOut? actor;
  final String createdAt;
  final int id;
  final bool isRead;
  final bool isSeen;
  final String kind;
  final String text;
  final String url;
  factory NotificationOut.fromJson(Map<String, Object?> json) => NotificationOut(
        actor: json['actor'] == null ? null : ActorOut.fromJson(json['actor']! as Map<String, Object?>),
        createdAt: json['created_at']! as String,
        id: json['id']! as int,
        isRead: json['is_read']! as bool,
        isSeen: json['is_seen']! as bool,
        kind: json['kind']! as String,
        text: json['text']! as String,
        url: json['url']! as String,
      );
  Map<String, Object?> toJson() => <String, Object?>{
        'actor': actor == null ? null : actor!.toJson(),
        'created_at': createdAt,
        'id': id,
        'is_read': isRead,
        'is_seen': isSeen,
        'kind': kind,
        'text': text,
        'url': url,
      };
}

class NotificationPage {
  const NotificationPage({
    required this.items,
    required this.nextCursor,
  });
  final List<NotificationOut> items;
  final String nextCursor;
  factory NotificationPage.fromJson(Map<String, Object?> json) => NotificationPage(
        items: <NotificationOut>[for (final one in json['items']! as List<Object?>) NotificationOut.fromJson(one! as Map<String, Object?>)],
        nextCursor: json['next_cursor']! as String,
      );
  Map<String, Object?> toJson() => <String, Object?>{
        'items': [for (final one in items) one.toJson()],
        'next_cursor': nextCursor,
      };
}

/// One answer; its votes are None while the viewer may not know them.
class Option {
  const Option({
    required this.id,
    required this.percent,
    required this.text,
    required this.voteCount,
  });
  final int id;
  final int? percent;
  final String text;
  final int? voteCount;
  factory Option.fromJson(Map<String, Object?> json) => Option(
        id: json['id']! as int,
        percent: json['percent'] as int?,
        text: json['text']! as String,
        voteCount: json['vote_count'] as int?,
      );
  Map<String, Object?> toJson() => <String, Object?>{
        'id': id,
        'percent': percent,
        'text': text,
        'vote_count': voteCount,
      };
}

/// An organisation; `people_count` is kept beside it, `mark` is the key of a file or empty for the drawn one.
class OrganisationOut {
  const OrganisationOut({
    required this.acceptsRequests,
    required this.createdAt,
    required this.founded,
    required this.handle,
    required this.id,
    required this.kind,
    required this.mark,
    required this.name,
    required this.peopleCount,
    required this.place,
    required this.size,
    required this.state,
    required this.story,
    required this.tagline,
    required this.website,
  });
  final bool acceptsRequests;
  final String createdAt;
  final int? founded;
  final String handle;
  final int id;
  final String kind;
  final String mark;
  final String name;
  final int peopleCount;
  final String place;
  final String size;
  final String state;
  final String story;
  final String tagline;
  final String website;
  factory OrganisationOut.fromJson(Map<String, Object?> json) => OrganisationOut(
        acceptsRequests: json['accepts_requests']! as bool,
        createdAt: json['created_at']! as String,
        founded: json['founded'] as int?,
        handle: json['handle']! as String,
        id: json['id']! as int,
        kind: json['kind']! as String,
        mark: json['mark']! as String,
        name: json['name']! as String,
        peopleCount: json['people_count']! as int,
        place: json['place']! as String,
        size: json['size']! as String,
        state: json['state']! as String,
        story: json['story']! as String,
        tagline: json['tagline']! as String,
        website: json['website']! as String,
      );
  Map<String, Object?> toJson() => <String, Object?>{
        'accepts_requests': acceptsRequests,
        'created_at': createdAt,
        'founded': founded,
        'handle': handle,
        'id': id,
        'kind': kind,
        'mark': mark,
        'name': name,
        'people_count': peopleCount,
        'place': place,
        'size': size,
        'state': state,
        'story': story,
        'tagline': tagline,
        'website': website,
      };
}

class OrganisationPage {
  const OrganisationPage({
    required this.items,
    required this.nextCursor,
  });
  final List<OrganisationOut> items;
  final String nextCursor;
  factory OrganisationPage.fromJson(Map<String, Object?> json) => OrganisationPage(
        items: <OrganisationOut>[for (final one in json['items']! as List<Object?>) OrganisationOut.fromJson(one! as Map<String, Object?>)],
        nextCursor: json['next_cursor']! as String,
      );
  Map<String, Object?> toJson() => <String, Object?>{
        'items': [for (final one in items) one.toJson()],
        'next_cursor': nextCursor,
      };
}

class OversightIn {
  const OversightIn({
    this.reason,
  });
  final String? reason;
  factory OversightIn.fromJson(Map<String, Object?> json) => OversightIn(
        reason: json['reason'] as String?,
      );
  Map<String, Object?> toJson() => <String, Object?>{
        if (reason != null) 'reason': reason!,
      };
}

class OversightOut {
  const OversightOut({
    required this.beganAt,
    required this.endsAt,
    required this.reason,
  });
  final String beganAt;
  final String endsAt;
  final String reason;
  factory OversightOut.fromJson(Map<String, Object?> json) => OversightOut(
        beganAt: json['began_at']! as String,
        endsAt: json['ends_at']! as String,
        reason: json['reason']! as String,
      );
  Map<String, Object?> toJson() => <String, Object?>{
        'began_at': beganAt,
        'ends_at': endsAt,
        'reason': reason,
      };
}

class OwnMembershipOut {
  const OwnMembershipOut({
    required this.organisation,
    required this.role,
    required this.startedAt,
    required this.title,
  });
  final OrganisationOut organisation;
  final String role;
  final String startedAt;
  final String title;
  factory OwnMembershipOut.fromJson(Map<String, Object?> json) => OwnMembershipOut(
        organisation: OrganisationOut.fromJson(json['organisation']! as Map<String, Object?>),
        role: json['role']! as String,
        startedAt: json['started_at']! as String,
        title: json['title']! as String,
      );
  Map<String, Object?> toJson() => <String, Object?>{
        'organisation': organisation.toJson(),
        'role': role,
        'started_at': startedAt,
        'title': title,
      };
}

class PauseIn {
  const PauseIn({
    required this.until,
  });
  final String? until;
  factory PauseIn.fromJson(Map<String, Object?> json) => PauseIn(
        until: json['until'] as String?,
      );
  Map<String, Object?> toJson() => <String, Object?>{
        'until': until,
      };
}

class PeoplePage {
  const PeoplePage({
    required this.items,
    required this.nextCursor,
  });
  final List<PersonOut> items;
  final String nextCursor;
  factory PeoplePage.fromJson(Map<String, Object?> json) => PeoplePage(
        items: <PersonOut>[for (final one in json['items']! as List<Object?>) PersonOut.fromJson(one! as Map<String, Object?>)],
        nextCursor: json['next_cursor']! as String,
      );
  Map<String, Object?> toJson() => <String, Object?>{
        'items': [for (final one in items) one.toJson()],
        'next_cursor': nextCursor,
      };
}

class PersonOut {
  const PersonOut({
    required this.member,
    required this.note,
    required this.relation,
    required this.since,
  });
  final MemberOut member;
  final String note;
  final RelationOut relation;
  final String since;
  factory PersonOut.fromJson(Map<String, Object?> json) => PersonOut(
        member: MemberOut.fromJson(json['member']! as Map<String, Object?>),
        note: json['note']! as String,
        relation: RelationOut.fromJson(json['relation']! as Map<String, Object?>),
        since: json['since']! as String,
      );
  Map<String, Object?> toJson() => <String, Object?>{
        'member': member.toJson(),
        'note': note,
        'relation': relation.toJson(),
        'since': since,
      };
}

/// A file uploaded with the use timeline.image.
class PictureIn {
  const PictureIn({
    this.description,
    this.focusX,
    this.focusY,
    required this.key,
  });
  final String? description;
  final int? focusX;
  final int? focusY;
  final String key;
  factory PictureIn.fromJson(Map<String, Object?> json) => PictureIn(
        description: json['description'] as String?,
        focusX: json['focus_x'] as int?,
        focusY: json['focus_y'] as int?,
        key: json['key']! as String,
      );
  Map<String, Object?> toJson() => <String, Object?>{
        if (description != null) 'description': description!,
        if (focusX != null) 'focus_x': focusX!,
        if (focusY != null) 'focus_y': focusY!,
        'key': key,
      };
}

/// Results show to its author, to those who voted, and to everybody once it is closed.
class Poll {
  const Poll({
    required this.closesAt,
    required this.isOpen,
    required this.myOptionId,
    required this.options,
    required this.question,
    required this.showsResults,
    required this.voteCount,
  });
  final String closesAt;
  final bool isOpen;
  final int? myOptionId;
  final List<Option> options;
  final String question;
  final bool showsResults;
  final int voteCount;
  factory Poll.fromJson(Map<String, Object?> json) => Poll(
        closesAt: json['closes_at']! as String,
        isOpen: json['is_open']! as bool,
        myOptionId: json['my_option_id'] as int?,
        options: <Option>[for (final one in json['options']! as List<Object?>) Option.fromJson(one! as Map<String, Object?>)],
        question: json['question']! as String,
        showsResults: json['shows_results']! as bool,
        voteCount: json['vote_count']! as int,
      );
  Map<String, Object?> toJson() => <String, Object?>{
        'closes_at': closesAt,
        'is_open': isOpen,
        'my_option_id': myOptionId,
        'options': [for (final one in options) one.toJson()],
        'question': question,
        'shows_results': showsResults,
        'vote_count': voteCount,
      };
}

class PollIn {
  const PollIn({
    this.days,
    required this.options,
    required this.question,
  });
  final int? days;
  final List<String> options;
  final String question;
  factory PollIn.fromJson(Map<String, Object?> json) => PollIn(
        days: json['days'] as int?,
        options: <String>[for (final one in json['options']! as List<Object?>) one! as String],
        question: json['question']! as String,
      );
  Map<String, Object?> toJson() => <String, Object?>{
        if (days != null) 'days': days!,
        'options': options,
        'question': question,
      };
}

class PortfolioIn {
  const PortfolioIn({
    this.description,
    required this.title,
    this.url,
  });
  final String? description;
  final String title;
  final String? url;
  factory PortfolioIn.fromJson(Map<String, Object?> json) => PortfolioIn(
        description: json['description'] as String?,
        title: json['title']! as String,
        url: json['url'] as String?,
      );
  Map<String, Object?> toJson() => <String, Object?>{
        if (description != null) 'description': description!,
        'title': title,
        if (url != null) 'url': url!,
      };
}

class PortfolioOut {
  const PortfolioOut({
    required this.description,
    required this.fileName,
    required this.fileUrl,
    required this.id,
    required this.title,
    required this.url,
  });
  final String description;
  final String fileName;
  final String fileUrl;
  final int id;
  final String title;
  final String url;
  factory PortfolioOut.fromJson(Map<String, Object?> json) => PortfolioOut(
        description: json['description']! as String,
        fileName: json['file_name']! as String,
        fileUrl: json['file_url']! as String,
        id: json['id']! as int,
        title: json['title']! as String,
        url: json['url']! as String,
      );
  Map<String, Object?> toJson() => <String, Object?>{
        'description': description,
        'file_name': fileName,
        'file_url': fileUrl,
        'id': id,
        'title': title,
        'url': url,
      };
}

/// One post for one viewer; `original` is what a repost passes on, when the viewer may read it.
class Post {
  const Post({
    required this.audience,
    required this.author,
    required this.commentCount,
    required this.editedAt,
    required this.html,
    required this.id,
    required this.images,
    required this.isMine,
    required this.isRepost,
    required this.isReposted,
    required this.isSaved,
    required this.myReaction,
    required this.organisation,
    required this.original,
    required this.poll,
    required this.preview,
    required this.publishedAt,
    required this.reactionCount,
    required this.repostCount,
    required this.version,
    required this.why,
  });
  final String audience;
  final Author author;
  final int commentCount;
  final String? editedAt;
  final String html;
  final int id;
  final List<Image> images;
  final bool isMine;
  final bool isRepost;
  final bool isReposted;
  final bool isSaved;
  final String myReaction;
  final Readers? organisation;
  final Post? original;
  final Poll? poll;
  final Preview? preview;
  final String publishedAt;
  final int reactionCount;
  final int repostCount;
  final int version;
  final String why;
  factory Post.fromJson(Map<String, Object?> json) => Post(
        audience: json['audience']! as String,
        author: Author.fromJson(json['author']! as Map<String, Object?>),
        commentCount: json['comment_count']! as int,
        editedAt: json['edited_at'] as String?,
        html: json['html']! as String,
        id: json['id']! as int,
        images: <Image>[for (final one in json['images']! as List<Object?>) Image.fromJson(one! as Map<String, Object?>)],
        isMine: json['is_mine']! as bool,
        isRepost: json['is_repost']! as bool,
        isReposted: json['is_reposted']! as bool,
        isSaved: json['is_saved']! as bool,
        myReaction: json['my_reaction']! as String,
        organisation: json['organisation'] == null ? null : Readers.fromJson(json['organisation']! as Map<String, Object?>),
        original: json['original'] == null ? null : Post.fromJson(json['original']! as Map<String, Object?>),
        poll: json['poll'] == null ? null : Poll.fromJson(json['poll']! as Map<String, Object?>),
        preview: json['preview'] == null ? null : Preview.fromJson(json['preview']! as Map<String, Object?>),
        publishedAt: json['published_at']! as String,
        reactionCount: json['reaction_count']! as int,
        repostCount: json['repost_count']! as int,
        version: json['version']! as int,
        why: json['why']! as String,
      );
  Map<String, Object?> toJson() => <String, Object?>{
        'audience': audience,
        'author': author.toJson(),
        'comment_count': commentCount,
        'edited_at': editedAt,
        'html': html,
        'id': id,
        'images': [for (final one in images) one.toJson()],
        'is_mine': isMine,
        'is_repost': isRepost,
        'is_reposted': isReposted,
        'is_saved': isSaved,
        'my_reaction': myReaction,
        'organisation': organisation == null ? null : organisation!.toJson(),
        'original': original == null ? null : original!.toJson(),
        'poll': poll == null ? null : poll!.toJson(),
        'preview': preview == null ? null : preview!.toJson(),
        'published_at': publishedAt,
        'reaction_count': reactionCount,
        'repost_count': repostCount,
        'version': version,
        'why': why,
      };
}

class PostPage {
  const PostPage({
    required this.items,
    required this.nextCursor,
  });
  final List<Post> items;
  final String nextCursor;
  factory PostPage.fromJson(Map<String, Object?> json) => PostPage(
        items: <Post>[for (final one in json['items']! as List<Object?>) Post.fromJson(one! as Map<String, Object?>)],
        nextCursor: json['next_cursor']! as String,
      );
  Map<String, Object?> toJson() => <String, Object?>{
        'items': [for (final one in items) one.toJson()],
        'next_cursor': nextCursor,
      };
}

/// Kinds left out keep what was chosen for them.
class PreferencesBody {
  const PreferencesBody({
    required this.channels,
    required this.digest,
    this.quietFrom,
    this.quietUntil,
  });
  final Map<String, ChannelsBody> channels;
  final Digest digest;
  final String? quietFrom;
  final String? quietUntil;
  factory PreferencesBody.fromJson(Map<String, Object?> json) => PreferencesBody(
        channels: <String, ChannelsBody>{for (final entry in (json['channels']! as Map<String, Object?>).entries) entry.key: ChannelsBody.fromJson(entry.value! as Map<String, Object?>)},
        digest: Digest.of(json['digest']),
        quietFrom: json['quiet_from'] as String?,
        quietUntil: json['quiet_until'] as String?,
      );
  Map<String, Object?> toJson() => <String, Object?>{
        'channels': channels,
        'digest': digest.wire,
        if (quietFrom != null) 'quiet_from': quietFrom!,
        if (quietUntil != null) 'quiet_until': quietUntil!,
      };
}

/// What is left out stays as it is; an empty theme follows the device.
class PreferencesIn {
  const PreferencesIn({
    this.locale,
    this.theme,
    this.timeZone,
  });
  final String? locale;
  final String? theme;
  final String? timeZone;
  factory PreferencesIn.fromJson(Map<String, Object?> json) => PreferencesIn(
        locale: json['locale'] as String?,
        theme: json['theme'] as String?,
        timeZone: json['time_zone'] as String?,
      );
  Map<String, Object?> toJson() => <String, Object?>{
        if (locale != null) 'locale': locale!,
        if (theme != null) 'theme': theme!,
        if (timeZone != null) 'time_zone': timeZone!,
      };
}

class PreferencesOut {
  const PreferencesOut({
    required this.channels,
    required this.digest,
    required this.pausedUntil,
    required this.quietFrom,
    required this.quietUntil,
  });
  final Map<String, ChannelsBody> channels;
  final Digest digest;
  final String? pausedUntil;
  final String? quietFrom;
  final String? quietUntil;
  factory PreferencesOut.fromJson(Map<String, Object?> json) => PreferencesOut(
        channels: <String, ChannelsBody>{for (final entry in (json['channels']! as Map<String, Object?>).entries) entry.key: ChannelsBody.fromJson(entry.value! as Map<String, Object?>)},
        digest: Digest.of(json['digest']),
        pausedUntil: json['paused_until'] as String?,
        quietFrom: json['quiet_from'] as String?,
        quietUntil: json['quiet_until'] as String?,
      );
  Map<String, Object?> toJson() => <String, Object?>{
        'channels': channels,
        'digest': digest.wire,
        'paused_until': pausedUntil,
        'quiet_from': quietFrom,
        'quiet_until': quietUntil,
      };
}

/// How I am shown beside everything I do; what is left out stays as it is.
class PresenceIn {
  const PresenceIn({
    this.headline,
    this.name,
  });
  final String? headline;
  final String? name;
  factory PresenceIn.fromJson(Map<String, Object?> json) => PresenceIn(
        headline: json['headline'] as String?,
        name: json['name'] as String?,
      );
  Map<String, Object?> toJson() => <String, Object?>{
        if (headline != null) 'headline': headline!,
        if (name != null) 'name': name!,
      };
}

class Preview {
  const Preview({
    required this.description,
    required this.image,
    required this.site,
    required this.title,
    required this.url,
  });
  final String description;
  final String image;
  final String site;
  final String title;
  final String url;
  factory Preview.fromJson(Map<String, Object?> json) => Preview(
        description: json['description']! as String,
        image: json['image']! as String,
        site: json['site']! as String,
        title: json['title']! as String,
        url: json['url']! as String,
      );
  Map<String, Object?> toJson() => <String, Object?>{
        'description': description,
        'image': image,
        'site': site,
        'title': title,
        'url': url,
      };
}

/// A profile as its reader may see it; a hidden section is absent from `shown` and empty.
class ProfileOut {
  const ProfileOut({
    required this.availability,
    required this.availableOn,
    required this.dayRate,
    required this.experience,
    required this.handle,
    required this.hats,
    required this.headline,
    required this.hourRate,
    required this.hoursPerWeek,
    required this.id,
    required this.languages,
    required this.links,
    required this.name,
    required this.place,
    required this.portfolio,
    required this.portrait,
    required this.qualifications,
    required this.shown,
    required this.skills,
    required this.story,
    required this.timeZone,
  });
  final String availability;
  final String? availableOn;
  final MoneyBody? dayRate;
  final List<ExperienceOut> experience;
  final String handle;
  final List<String> hats;
  final String headline;
  final MoneyBody? hourRate;
  final int? hoursPerWeek;
  final int id;
  final List<LanguageOut> languages;
  final List<LinkOut> links;
  final String name;
  final String place;
  final List<PortfolioOut> portfolio;
  final String portrait;
  final List<QualificationOut> qualifications;
  final List<String> shown;
  final List<SkillOut> skills;
  final String story;
  final String timeZone;
  factory ProfileOut.fromJson(Map<String, Object?> json) => ProfileOut(
        availability: json['availability']! as String,
        availableOn: json['available_on'] as String?,
        dayRate: json['day_rate'] == null ? null : MoneyBody.fromJson(json['day_rate']! as Map<String, Object?>),
        experience: <ExperienceOut>[for (final one in json['experience']! as List<Object?>) ExperienceOut.fromJson(one! as Map<String, Object?>)],
        handle: json['handle']! as String,
        hats: <String>[for (final one in json['hats']! as List<Object?>) one! as String],
        headline: json['headline']! as String,
        hourRate: json['hour_rate'] == null ? null : MoneyBody.fromJson(json['hour_rate']! as Map<String, Object?>),
        hoursPerWeek: json['hours_per_week'] as int?,
        id: json['id']! as int,
        languages: <LanguageOut>[for (final one in json['languages']! as List<Object?>) LanguageOut.fromJson(one! as Map<String, Object?>)],
        links: <LinkOut>[for (final one in json['links']! as List<Object?>) LinkOut.fromJson(one! as Map<String, Object?>)],
        name: json['name']! as String,
        place: json['place']! as String,
        portfolio: <PortfolioOut>[for (final one in json['portfolio']! as List<Object?>) PortfolioOut.fromJson(one! as Map<String, Object?>)],
        portrait: json['portrait']! as String,
        qualifications: <QualificationOut>[for (final one in json['qualifications']! as List<Object?>) QualificationOut.fromJson(one! as Map<String, Object?>)],
        shown: <String>[for (final one in json['shown']! as List<Object?>) one! as String],
        skills: <SkillOut>[for (final one in json['skills']! as List<Object?>) SkillOut.fromJson(one! as Map<String, Object?>)],
        story: json['story']! as String,
        timeZone: json['time_zone']! as String,
      );
  Map<String, Object?> toJson() => <String, Object?>{
        'availability': availability,
        'available_on': availableOn,
        'day_rate': dayRate == null ? null : dayRate!.toJson(),
        'experience': [for (final one in experience) one.toJson()],
        'handle': handle,
        'hats': hats,
        'headline': headline,
        'hour_rate': hourRate == null ? null : hourRate!.toJson(),
        'hours_per_week': hoursPerWeek,
        'id': id,
        'languages': [for (final one in languages) one.toJson()],
        'links': [for (final one in links) one.toJson()],
        'name': name,
        'place': place,
        'portfolio': [for (final one in portfolio) one.toJson()],
        'portrait': portrait,
        'qualifications': [for (final one in qualifications) one.toJson()],
        'shown': shown,
        'skills': [for (final one in skills) one.toJson()],
        'story': story,
        'time_zone': timeZone,
      };
}

class QualificationIn {
  const QualificationIn({
    this.awardedBy,
    this.awardedOn,
    this.expiresOn,
    this.reference,
    required this.title,
  });
  final String? awardedBy;
  final String? awardedOn;
  final String? expiresOn;
  final String? reference;
  final String title;
  factory QualificationIn.fromJson(Map<String, Object?> json) => QualificationIn(
        awardedBy: json['awarded_by'] as String?,
        awardedOn: json['awarded_on'] as String?,
        expiresOn: json['expires_on'] as String?,
        reference: json['reference'] as String?,
        title: json['title']! as String,
      );
  Map<String, Object?> toJson() => <String, Object?>{
        if (awardedBy != null) 'awarded_by': awardedBy!,
        if (awardedOn != null) 'awarded_on': awardedOn!,
        if (expiresOn != null) 'expires_on': expiresOn!,
        if (reference != null) 'reference': reference!,
        'title': title,
      };
}

class QualificationOut {
  const QualificationOut({
    required this.awardedBy,
    required this.awardedOn,
    required this.expiresOn,
    required this.id,
    required this.reference,
    required this.title,
  });
  final String awardedBy;
  final String? awardedOn;
  final String? expiresOn;
  final int id;
  final String reference;
  final String title;
  factory QualificationOut.fromJson(Map<String, Object?> json) => QualificationOut(
        awardedBy: json['awarded_by']! as String,
        awardedOn: json['awarded_on'] as String?,
        expiresOn: json['expires_on'] as String?,
        id: json['id']! as int,
        reference: json['reference']! as String,
        title: json['title']! as String,
      );
  Map<String, Object?> toJson() => <String, Object?>{
        'awarded_by': awardedBy,
        'awarded_on': awardedOn,
        'expires_on': expiresOn,
        'id': id,
        'reference': reference,
        'title': title,
      };
}

class Reaction {
  const Reaction({
    required this.author,
    required this.kind,
  });
  final Author author;
  final ReactionKind kind;
  factory Reaction.fromJson(Map<String, Object?> json) => Reaction(
        author: Author.fromJson(json['author']! as Map<String, Object?>),
        kind: ReactionKind.of(json['kind']),
      );
  Map<String, Object?> toJson() => <String, Object?>{
        'author': author.toJson(),
        'kind': kind.wire,
      };
}

class ReactionIn {
  const ReactionIn({
    required this.kind,
  });
  final ReactionKind kind;
  factory ReactionIn.fromJson(Map<String, Object?> json) => ReactionIn(
        kind: ReactionKind.of(json['kind']),
      );
  Map<String, Object?> toJson() => <String, Object?>{
        'kind': kind.wire,
      };
}

enum ReactionKind {
  unknown(''),
  like('like'),
  celebrate('celebrate'),
  insightful('insightful'),
  support('support'),
  ;
  const ReactionKind(this.wire);
  final String wire;
  static ReactionKind of(Object? wire) =>
      values.firstWhere((value) => value.wire == wire, orElse: () => unknown);
}

class ReactionPage {
  const ReactionPage({
    required this.items,
    required this.nextCursor,
  });
  final List<Reaction> items;
  final String nextCursor;
  factory ReactionPage.fromJson(Map<String, Object?> json) => ReactionPage(
        items: <Reaction>[for (final one in json['items']! as List<Object?>) Reaction.fromJson(one! as Map<String, Object?>)],
        nextCursor: json['next_cursor']! as String,
      );
  Map<String, Object?> toJson() => <String, Object?>{
        'items': [for (final one in items) one.toJson()],
        'next_cursor': nextCursor,
      };
}

/// Some notifications by id, or everything up to one of them.
class ReadIn {
  const ReadIn({
    this.ids,
    this.upTo,
  });
  final List<int>? ids;
  final int? upTo;
  factory ReadIn.fromJson(Map<String, Object?> json) => ReadIn(
        ids: json['ids'] == null ? null : <int>[for (final one in json['ids']! as List<Object?>) one! as int],
        upTo: json['up_to'] as int?,
      );
  Map<String, Object?> toJson() => <String, Object?>{
        if (ids != null) 'ids': ids!,
        if (upTo != null) 'up_to': upTo!,
      };
}

/// The organisation a post is for.
class Readers {
  const Readers({
    required this.handle,
    required this.id,
    required this.name,
  });
  final String handle;
  final int id;
  final String name;
  factory Readers.fromJson(Map<String, Object?> json) => Readers(
        handle: json['handle']! as String,
        id: json['id']! as int,
        name: json['name']! as String,
      );
  Map<String, Object?> toJson() => <String, Object?>{
        'handle': handle,
        'id': id,
        'name': name,
      };
}

/// How I stand to a member; a request they declined still reads as requested.
class RelationOut {
  const RelationOut({
    required this.connection,
    required this.isBlocked,
    required this.isFollowedBy,
    required this.isFollowing,
    required this.isMuted,
    required this.mayAskFrom,
    required this.memberId,
    required this.note,
  });
  final Standing connection;
  final bool isBlocked;
  final bool isFollowedBy;
  final bool isFollowing;
  final bool isMuted;
  final String? mayAskFrom;
  final int memberId;
  final String note;
  factory RelationOut.fromJson(Map<String, Object?> json) => RelationOut(
        connection: Standing.of(json['connection']),
        isBlocked: json['is_blocked']! as bool,
        isFollowedBy: json['is_followed_by']! as bool,
        isFollowing: json['is_following']! as bool,
        isMuted: json['is_muted']! as bool,
        mayAskFrom: json['may_ask_from'] as String?,
        memberId: json['member_id']! as int,
        note: json['note']! as String,
      );
  Map<String, Object?> toJson() => <String, Object?>{
        'connection': connection.wire,
        'is_blocked': isBlocked,
        'is_followed_by': isFollowedBy,
        'is_following': isFollowing,
        'is_muted': isMuted,
        'may_ask_from': mayAskFrom,
        'member_id': memberId,
        'note': note,
      };
}

/// What a text becomes: safe HTML, the members it mentions and its hashtags.
class RenderedText {
  const RenderedText({
    required this.hashtags,
    required this.html,
    required this.mentionedIds,
  });
  final List<String> hashtags;
  final String html;
  final List<int> mentionedIds;
  factory RenderedText.fromJson(Map<String, Object?> json) => RenderedText(
        hashtags: <String>[for (final one in json['hashtags']! as List<Object?>) one! as String],
        html: json['html']! as String,
        mentionedIds: <int>[for (final one in json['mentioned_ids']! as List<Object?>) one! as int],
      );
  Map<String, Object?> toJson() => <String, Object?>{
        'hashtags': hashtags,
        'html': html,
        'mentioned_ids': mentionedIds,
      };
}

class RequestIn {
  const RequestIn({
    this.note,
  });
  final String? note;
  factory RequestIn.fromJson(Map<String, Object?> json) => RequestIn(
        note: json['note'] as String?,
      );
  Map<String, Object?> toJson() => <String, Object?>{
        if (note != null) 'note': note!,
      };
}

class RequestOut {
  const RequestOut({
    required this.createdAt,
    required this.id,
    required this.memberId,
    required this.note,
    required this.organisationId,
    required this.state,
  });
  final String createdAt;
  final int id;
  final int memberId;
  final String note;
  final int organisationId;
  final String state;
  factory RequestOut.fromJson(Map<String, Object?> json) => RequestOut(
        createdAt: json['created_at']! as String,
        id: json['id']! as int,
        memberId: json['member_id']! as int,
        note: json['note']! as String,
        organisationId: json['organisation_id']! as int,
        state: json['state']! as String,
      );
  Map<String, Object?> toJson() => <String, Object?>{
        'created_at': createdAt,
        'id': id,
        'member_id': memberId,
        'note': note,
        'organisation_id': organisationId,
        'state': state,
      };
}

/// What a role in an organisation lets its holder do there.
enum Right {
  unknown(''),
  edit('edit'),
  invite('invite'),
  answerRequests('answer_requests'),
  changeRoles('change_roles'),
  removePeople('remove_people'),
  speak('speak'),
  close('close'),
  ;
  const Right(this.wire);
  final String wire;
  static Right of(Object? wire) =>
      values.firstWhere((value) => value.wire == wire, orElse: () => unknown);
}

enum Role {
  unknown(''),
  owner('owner'),
  admin('admin'),
  manager('manager'),
  member('member'),
  viewer('viewer'),
  ;
  const Role(this.wire);
  final String wire;
  static Role of(Object? wire) =>
      values.firstWhere((value) => value.wire == wire, orElse: () => unknown);
}

class RoleIn {
  const RoleIn({
    required this.role,
    this.title,
  });
  final Role role;
  final String? title;
  factory RoleIn.fromJson(Map<String, Object?> json) => RoleIn(
        role: Role.of(json['role']),
        title: json['title'] as String?,
      );
  Map<String, Object?> toJson() => <String, Object?>{
        'role': role.wire,
        if (title != null) 'title': title!,
      };
}

enum SectionAudience {
  unknown(''),
  everyone('everyone'),
  members('members'),
  connections('connections'),
  onlyMe('only_me'),
  ;
  const SectionAudience(this.wire);
  final String wire;
  static SectionAudience of(Object? wire) =>
      values.firstWhere((value) => value.wire == wire, orElse: () => unknown);
}

/// Everything up to this notification.
class SeenIn {
  const SeenIn({
    required this.upTo,
  });
  final int upTo;
  factory SeenIn.fromJson(Map<String, Object?> json) => SeenIn(
        upTo: json['up_to']! as int,
      );
  Map<String, Object?> toJson() => <String, Object?>{
        'up_to': upTo,
      };
}

class SessionOut {
  const SessionOut({
    required this.address,
    required this.createdAt,
    required this.device,
    required this.id,
    required this.lastSeenAt,
  });
  final String address;
  final String createdAt;
  final String device;
  final int id;
  final String lastSeenAt;
  factory SessionOut.fromJson(Map<String, Object?> json) => SessionOut(
        address: json['address']! as String,
        createdAt: json['created_at']! as String,
        device: json['device']! as String,
        id: json['id']! as int,
        lastSeenAt: json['last_seen_at']! as String,
      );
  Map<String, Object?> toJson() => <String, Object?>{
        'address': address,
        'created_at': createdAt,
        'device': device,
        'id': id,
        'last_seen_at': lastSeenAt,
      };
}

class ShownIn {
  const ShownIn({
    required this.body,
  });
  final String body;
  factory ShownIn.fromJson(Map<String, Object?> json) => ShownIn(
        body: json['body']! as String,
      );
  Map<String, Object?> toJson() => <String, Object?>{
        'body': body,
      };
}

enum Size {
  unknown(''),
  of1('1'),
  of2_10('2-10'),
  of11_50('11-50'),
  of51_250('51-250'),
  of251_1000('251-1000'),
  of1000_('1000+'),
  ;
  const Size(this.wire);
  final String wire;
  static Size of(Object? wire) =>
      values.firstWhere((value) => value.wire == wire, orElse: () => unknown);
}

class SkillOut {
  const SkillOut({
    required this.description,
    required this.id,
    required this.key,
    required this.label,
    this.matched,
  });
  final String description;
  final int id;
  final String key;
  final String label;
  final String? matched;
  factory SkillOut.fromJson(Map<String, Object?> json) => SkillOut(
        description: json['description']! as String,
        id: json['id']! as int,
        key: json['key']! as String,
        label: json['label']! as String,
        matched: json['matched'] as String?,
      );
  Map<String, Object?> toJson() => <String, Object?>{
        'description': description,
        'id': id,
        'key': key,
        'label': label,
        if (matched != null) 'matched': matched!,
      };
}

class SkillsIn {
  const SkillsIn({
    required this.names,
  });
  final List<String> names;
  factory SkillsIn.fromJson(Map<String, Object?> json) => SkillsIn(
        names: <String>[for (final one in json['names']! as List<Object?>) one! as String],
      );
  Map<String, Object?> toJson() => <String, Object?>{
        'names': names,
      };
}

/// What one side of a connection sees of it; a declined request keeps looking like one that waits.
enum Standing {
  unknown(''),
  none('none'),
  requested('requested'),
  asked('asked'),
  connected('connected'),
  ;
  const Standing(this.wire);
  final String wire;
  static Standing of(Object? wire) =>
      values.firstWhere((value) => value.wire == wire, orElse: () => unknown);
}

/// How I stand to an organisation: my role there, and what it lets me do.
class StandingOut {
  const StandingOut({
    required this.rights,
    required this.role,
  });
  final List<Right> rights;
  final String role;
  factory StandingOut.fromJson(Map<String, Object?> json) => StandingOut(
        rights: <Right>[for (final one in json['rights']! as List<Object?>) Right.of(one)],
        role: json['role']! as String,
      );
  Map<String, Object?> toJson() => <String, Object?>{
        'rights': [for (final one in rights) one.wire],
        'role': role,
      };
}

/// A file; `url` opens it for a day or two and is empty while it is being checked.
class StoredFile {
  const StoredFile({
    required this.alt,
    required this.byteSize,
    required this.createdAt,
    required this.height,
    required this.key,
    required this.mediaType,
    required this.name,
    required this.reason,
    required this.state,
    required this.url,
    required this.use,
    required this.width,
  });
  final String alt;
  final int byteSize;
  final String createdAt;
  final int? height;
  final String key;
  final String mediaType;
  final String name;
  final String reason;
  final String state;
  final String url;
  final String use;
  final int? width;
  factory StoredFile.fromJson(Map<String, Object?> json) => StoredFile(
        alt: json['alt']! as String,
        byteSize: json['byte_size']! as int,
        createdAt: json['created_at']! as String,
        height: json['height'] as int?,
        key: json['key']! as String,
        mediaType: json['media_type']! as String,
        name: json['name']! as String,
        reason: json['reason']! as String,
        state: json['state']! as String,
        url: json['url']! as String,
        use: json['use']! as String,
        width: json['width'] as int?,
      );
  Map<String, Object?> toJson() => <String, Object?>{
        'alt': alt,
        'byte_size': byteSize,
        'created_at': createdAt,
        'height': height,
        'key': key,
        'media_type': mediaType,
        'name': name,
        'reason': reason,
        'state': state,
        'url': url,
        'use': use,
        'width': width,
      };
}

class StoryIn {
  const StoryIn({
    this.place,
    this.story,
  });
  final String? place;
  final String? story;
  factory StoryIn.fromJson(Map<String, Object?> json) => StoryIn(
        place: json['place'] as String?,
        story: json['story'] as String?,
      );
  Map<String, Object?> toJson() => <String, Object?>{
        if (place != null) 'place': place!,
        if (story != null) 'story': story!,
      };
}

class SuggestionOut {
  const SuggestionOut({
    required this.member,
    required this.reason,
  });
  final MemberOut member;
  final String reason;
  factory SuggestionOut.fromJson(Map<String, Object?> json) => SuggestionOut(
        member: MemberOut.fromJson(json['member']! as Map<String, Object?>),
        reason: json['reason']! as String,
      );
  Map<String, Object?> toJson() => <String, Object?>{
        'member': member.toJson(),
        'reason': reason,
      };
}

/// A hashtag and how many recent posts carry it.
class Talk {
  const Talk({
    required this.name,
    required this.postCount,
  });
  final String name;
  final int postCount;
  factory Talk.fromJson(Map<String, Object?> json) => Talk(
        name: json['name']! as String,
        postCount: json['post_count']! as int,
      );
  Map<String, Object?> toJson() => <String, Object?>{
        'name': name,
        'post_count': postCount,
      };
}

/// The Markdown of a post and its version, which the ETag names.
class Text {
  const Text({
    required this.body,
    required this.version,
  });
  final String body;
  final int version;
  factory Text.fromJson(Map<String, Object?> json) => Text(
        body: json['body']! as String,
        version: json['version']! as int,
      );
  Map<String, Object?> toJson() => <String, Object?>{
        'body': body,
        'version': version,
      };
}

class TextIn {
  const TextIn({
    required this.body,
  });
  final String body;
  factory TextIn.fromJson(Map<String, Object?> json) => TextIn(
        body: json['body']! as String,
      );
  Map<String, Object?> toJson() => <String, Object?>{
        'body': body,
      };
}

/// Opens one namespace once: connect with `auth: {ticket}` before it expires.
class TicketOut {
  const TicketOut({
    required this.expiresAt,
    required this.ticket,
  });
  final String expiresAt;
  final String ticket;
  factory TicketOut.fromJson(Map<String, Object?> json) => TicketOut(
        expiresAt: json['expires_at']! as String,
        ticket: json['ticket']! as String,
      );
  Map<String, Object?> toJson() => <String, Object?>{
        'expires_at': expiresAt,
        'ticket': ticket,
      };
}

/// `scopes` are `read`, `write`, or an area of the API followed by one of them, such as `timeline.write`.
class TokenIn {
  const TokenIn({
    required this.days,
    required this.name,
    required this.scopes,
  });
  final int days;
  final String name;
  final List<String> scopes;
  factory TokenIn.fromJson(Map<String, Object?> json) => TokenIn(
        days: json['days']! as int,
        name: json['name']! as String,
        scopes: <String>[for (final one in json['scopes']! as List<Object?>) one! as String],
      );
  Map<String, Object?> toJson() => <String, Object?>{
        'days': days,
        'name': name,
        'scopes': scopes,
      };
}

class TokenOut {
  const TokenOut({
    required this.createdAt,
    required this.expiresAt,
    required this.id,
    required this.lastUsedAt,
    required this.name,
    required this.prefix,
    required this.scopes,
  });
  final String createdAt;
  final String expiresAt;
  final int id;
  final String? lastUsedAt;
  final String name;
  final String prefix;
  final List<String> scopes;
  factory TokenOut.fromJson(Map<String, Object?> json) => TokenOut(
        createdAt: json['created_at']! as String,
        expiresAt: json['expires_at']! as String,
        id: json['id']! as int,
        lastUsedAt: json['last_used_at'] as String?,
        name: json['name']! as String,
        prefix: json['prefix']! as String,
        scopes: <String>[for (final one in json['scopes']! as List<Object?>) one! as String],
      );
  Map<String, Object?> toJson() => <String, Object?>{
        'created_at': createdAt,
        'expires_at': expiresAt,
        'id': id,
        'last_used_at': lastUsedAt,
        'name': name,
        'prefix': prefix,
        'scopes': scopes,
      };
}

class Version {
  const Version({
    required this.html,
    required this.version,
    required this.writtenAt,
  });
  final String html;
  final int version;
  final String writtenAt;
  factory Version.fromJson(Map<String, Object?> json) => Version(
        html: json['html']! as String,
        version: json['version']! as int,
        writtenAt: json['written_at']! as String,
      );
  Map<String, Object?> toJson() => <String, Object?>{
        'html': html,
        'version': version,
        'written_at': writtenAt,
      };
}

class VisibilityIn {
  const VisibilityIn({
    required this.audiences,
    required this.isIndexable,
    required this.isListed,
  });
  final Map<String, SectionAudience> audiences;
  final bool isIndexable;
  final bool isListed;
  factory VisibilityIn.fromJson(Map<String, Object?> json) => VisibilityIn(
        audiences: <String, SectionAudience>{for (final entry in (json['audiences']! as Map<String, Object?>).entries) entry.key: SectionAudience.of(entry.value)},
        isIndexable: json['is_indexable']! as bool,
        isListed: json['is_listed']! as bool,
      );
  Map<String, Object?> toJson() => <String, Object?>{
        'audiences': audiences,
        'is_indexable': isIndexable,
        'is_listed': isListed,
      };
}

/// Who sees each section, and whether the directory and search engines list me.
class VisibilityOut {
  const VisibilityOut({
    required this.audiences,
    required this.isIndexable,
    required this.isListed,
  });
  final Map<String, SectionAudience> audiences;
  final bool isIndexable;
  final bool isListed;
  factory VisibilityOut.fromJson(Map<String, Object?> json) => VisibilityOut(
        audiences: <String, SectionAudience>{for (final entry in (json['audiences']! as Map<String, Object?>).entries) entry.key: SectionAudience.of(entry.value)},
        isIndexable: json['is_indexable']! as bool,
        isListed: json['is_listed']! as bool,
      );
  Map<String, Object?> toJson() => <String, Object?>{
        'audiences': audiences,
        'is_indexable': isIndexable,
        'is_listed': isListed,
      };
}

class VoteIn {
  const VoteIn({
    required this.optionId,
  });
  final int optionId;
  factory VoteIn.fromJson(Map<String, Object?> json) => VoteIn(
        optionId: json['option_id']! as int,
      );
  Map<String, Object?> toJson() => <String, Object?>{
        'option_id': optionId,
      };
}

/// A refusal (RFC 9457): compare [code], show [detail].
class GuildryProblem implements Exception {
  const GuildryProblem(this.status, this.document);
  final int status;
  final Map<String, Object?> document;
  String get code => document['code'] as String? ?? '';
  String get detail => document['detail'] as String? ?? '';
  @override
  String toString() => '$status $code: $detail';
}

/// Every operation, by its name.
class Guildry {
  Guildry(this.origin, {this.token = '', http.Client? client}) : _client = client ?? http.Client();
  final Uri origin;
  final String token;
  final http.Client _client;

  Future<Object?> _call(
    String method,
    String path, {
    Map<String, Object?> query = const <String, Object?>{},
    Object? body,
    String version = '',
    required String key,
  }) async {
    final given = <String, String>{
      for (final entry in query.entries)
        if (entry.value != null) entry.key: '${entry.value}',
    };
    final address = origin.resolve(path);
    final request = http.Request(method, given.isEmpty ? address : address.replace(queryParameters: given));
    request.headers['Accept'] = 'application/json';
    if (token.isNotEmpty) request.headers['Authorization'] = 'Bearer $token';
    if (key.isNotEmpty) request.headers['Idempotency-Key'] = key;
    if (version.isNotEmpty) request.headers['If-Match'] = version;
    if (body != null) {
      request.headers['Content-Type'] = 'application/json';
      request.body = jsonEncode(body);
    }
    final reply = await http.Response.fromStream(await _client.send(request));
    final text = utf8.decode(reply.bodyBytes);
    final document = text.isEmpty ? null : jsonDecode(text);
    if (reply.statusCode < 400) return document;
    throw GuildryProblem(reply.statusCode, document is Map<String, Object?> ? document : const <String, Object?>{});
  }

  /// Accept a request.
  Future<RelationOut> acceptConnection(int memberId, {required String key}) async {
    final answer = await _call('POST', '/api/v1/network/members/${Uri.encodeComponent('$memberId')}/connection/acceptance', key: key);
    return RelationOut.fromJson(answer! as Map<String, Object?>);
  }

  /// Accept an invitation.
  Future<MembershipOut> acceptInvitation(int invitationId, {required String key}) async {
    final answer = await _call('POST', '/api/v1/organisations/invitations/${Uri.encodeComponent('$invitationId')}/acceptance', key: key);
    return MembershipOut.fromJson(answer! as Map<String, Object?>);
  }

  /// Let somebody in.
  Future<MembershipOut> acceptJoinRequest(int requestId, {required String key}) async {
    final answer = await _call('POST', '/api/v1/organisations/requests/${Uri.encodeComponent('$requestId')}/acceptance', key: key);
    return MembershipOut.fromJson(answer! as Map<String, Object?>);
  }

  /// Add an experience.
  Future<ExperienceOut> addExperience(ExperienceIn body, {required String key}) async {
    final answer = await _call('POST', '/api/v1/people/me/experience', key: key, body: body.toJson());
    return ExperienceOut.fromJson(answer! as Map<String, Object?>);
  }

  /// Add a language, or change its level.
  Future<LanguageOut> addLanguage(LanguageIn body, {required String key}) async {
    final answer = await _call('POST', '/api/v1/people/me/languages', key: key, body: body.toJson());
    return LanguageOut.fromJson(answer! as Map<String, Object?>);
  }

  /// Add a link.
  Future<LinkOut> addLink(LinkIn body, {required String key}) async {
    final answer = await _call('POST', '/api/v1/people/me/links', key: key, body: body.toJson());
    return LinkOut.fromJson(answer! as Map<String, Object?>);
  }

  /// Add a qualification.
  Future<QualificationOut> addQualification(QualificationIn body, {required String key}) async {
    final answer = await _call('POST', '/api/v1/people/me/qualifications', key: key, body: body.toJson());
    return QualificationOut.fromJson(answer! as Map<String, Object?>);
  }

  /// Begin a draft.
  Future<Draft> beginDraft(CompositionIn body, {required String key}) async {
    final answer = await _call('POST', '/api/v1/timeline/drafts', key: key, body: body.toJson());
    return Draft.fromJson(answer! as Map<String, Object?>);
  }

  /// Act as an owner for half an hour.
  Future<OversightOut> beginOversight(String handle, OversightIn body, {required String key}) async {
    final answer = await _call('POST', '/api/v1/organisations/${Uri.encodeComponent('$handle')}/oversight', key: key, body: body.toJson());
    return OversightOut.fromJson(answer! as Map<String, Object?>);
  }

  /// Block a member.
  Future<RelationOut> blockMember(int memberId, {required String key}) async {
    final answer = await _call('PUT', '/api/v1/network/members/${Uri.encodeComponent('$memberId')}/block', key: key);
    return RelationOut.fromJson(answer! as Map<String, Object?>);
  }

  /// Give somebody a role.
  Future<MembershipOut> changeRole(String handle, int memberId, RoleIn body, {required String key}) async {
    final answer = await _call('PUT', '/api/v1/organisations/${Uri.encodeComponent('$handle')}/people/${Uri.encodeComponent('$memberId')}', key: key, body: body.toJson());
    return MembershipOut.fromJson(answer! as Map<String, Object?>);
  }

  /// Put on hats.
  Future<MeOut> chooseHats(HatsIn body, {required String key}) async {
    final answer = await _call('PUT', '/api/v1/me/hats', key: key, body: body.toJson());
    return MeOut.fromJson(answer! as Map<String, Object?>);
  }

  /// Choose what to be told, where and when.
  Future<PreferencesOut> chooseNotifications(PreferencesBody body, {required String key}) async {
    final answer = await _call('PUT', '/api/v1/notifications/preferences', key: key, body: body.toJson());
    return PreferencesOut.fromJson(answer! as Map<String, Object?>);
  }

  /// Choose my time zone and theme.
  Future<MeOut> choosePreferences(PreferencesIn body, {required String key}) async {
    final answer = await _call('PATCH', '/api/v1/me/preferences', key: key, body: body.toJson());
    return MeOut.fromJson(answer! as Map<String, Object?>);
  }

  /// Choose my skills, in order.
  Future<ProfileOut> chooseSkills(SkillsIn body, {required String key}) async {
    final answer = await _call('PUT', '/api/v1/people/me/skills', key: key, body: body.toJson());
    return ProfileOut.fromJson(answer! as Map<String, Object?>);
  }

  /// Choose who sees what of my profile.
  Future<ProfileOut> chooseVisibility(VisibilityIn body, {required String key}) async {
    final answer = await _call('PUT', '/api/v1/people/me/visibility', key: key, body: body.toJson());
    return ProfileOut.fromJson(answer! as Map<String, Object?>);
  }

  /// Close an organisation.
  Future<OrganisationOut> closeOrganisation(String handle, {required String key}) async {
    final answer = await _call('PUT', '/api/v1/organisations/${Uri.encodeComponent('$handle')}/closure', key: key);
    return OrganisationOut.fromJson(answer! as Map<String, Object?>);
  }

  /// Comment, or answer a comment.
  Future<Comment> commentOnPost(int postId, CommentIn body, {required String key}) async {
    final answer = await _call('POST', '/api/v1/timeline/posts/${Uri.encodeComponent('$postId')}/comments', key: key, body: body.toJson());
    return Comment.fromJson(answer! as Map<String, Object?>);
  }

  /// Count the posts that came after one.
  Future<NewPosts> countNewPosts({int? after, String? tab}) async {
    final answer = await _call('GET', '/api/v1/timeline/new', key: '', query: {'after': after, 'tab': tab});
    return NewPosts.fromJson(answer! as Map<String, Object?>);
  }

  /// Count what is unread.
  Future<CountersOut> countUnread() async {
    final answer = await _call('GET', '/api/v1/notifications/counters', key: '');
    return CountersOut.fromJson(answer! as Map<String, Object?>);
  }

  /// Decline a request.
  Future<RelationOut> declineConnection(int memberId, {required String key}) async {
    final answer = await _call('POST', '/api/v1/network/members/${Uri.encodeComponent('$memberId')}/connection/refusal', key: key);
    return RelationOut.fromJson(answer! as Map<String, Object?>);
  }

  /// Decline an invitation.
  Future<InvitationOut> declineInvitation(int invitationId, {required String key}) async {
    final answer = await _call('POST', '/api/v1/organisations/invitations/${Uri.encodeComponent('$invitationId')}/refusal', key: key);
    return InvitationOut.fromJson(answer! as Map<String, Object?>);
  }

  /// Turn somebody down.
  Future<RequestOut> declineJoinRequest(int requestId, {required String key}) async {
    final answer = await _call('POST', '/api/v1/organisations/requests/${Uri.encodeComponent('$requestId')}/refusal', key: key);
    return RequestOut.fromJson(answer! as Map<String, Object?>);
  }

  /// Delete a comment.
  Future<void> deleteComment(int commentId, {required String key}) async {
    await _call('DELETE', '/api/v1/timeline/comments/${Uri.encodeComponent('$commentId')}', key: key);
  }

  /// Delete a file of yours.
  Future<void> deleteFile(String key, {required String key}) async {
    await _call('DELETE', '/api/v1/files/${Uri.encodeComponent('$key')}', key: key);
  }

  /// Delete a post of yours.
  Future<void> deletePost(int postId, {required String key}) async {
    await _call('DELETE', '/api/v1/timeline/posts/${Uri.encodeComponent('$postId')}', key: key);
  }

  /// Discard a draft.
  Future<void> discardDraft(int draftId, {required String key}) async {
    await _call('DELETE', '/api/v1/timeline/drafts/${Uri.encodeComponent('$draftId')}', key: key);
  }

  /// Have a post no longer shown for you.
  Future<void> dismissPost(int postId, {required String key}) async {
    await _call('PUT', '/api/v1/timeline/posts/${Uri.encodeComponent('$postId')}/dismissal', key: key);
  }

  /// Go back to the drawn mark.
  Future<OrganisationOut> dropMark(String handle, {required String key}) async {
    final answer = await _call('DELETE', '/api/v1/organisations/${Uri.encodeComponent('$handle')}/mark', key: key);
    return OrganisationOut.fromJson(answer! as Map<String, Object?>);
  }

  /// Go back to my drawn portrait.
  Future<ProfileOut> dropPortrait({required String key}) async {
    final answer = await _call('DELETE', '/api/v1/people/me/portrait', key: key);
    return ProfileOut.fromJson(answer! as Map<String, Object?>);
  }

  /// Say when I am free.
  Future<ProfileOut> editAvailability(AvailabilityIn body, {required String key}) async {
    final answer = await _call('PUT', '/api/v1/people/me/availability', key: key, body: body.toJson());
    return ProfileOut.fromJson(answer! as Map<String, Object?>);
  }

  /// Edit a comment of yours.
  Future<Comment> editComment(int commentId, TextIn body, {required String key}) async {
    final answer = await _call('PUT', '/api/v1/timeline/comments/${Uri.encodeComponent('$commentId')}', key: key, body: body.toJson());
    return Comment.fromJson(answer! as Map<String, Object?>);
  }

  /// Edit an experience.
  Future<ExperienceOut> editExperience(int entryId, ExperienceIn body, {required String key}) async {
    final answer = await _call('PUT', '/api/v1/people/me/experience/${Uri.encodeComponent('$entryId')}', key: key, body: body.toJson());
    return ExperienceOut.fromJson(answer! as Map<String, Object?>);
  }

  /// Change my name and headline.
  Future<MeOut> editMe(PresenceIn body, {required String key}) async {
    final answer = await _call('PATCH', '/api/v1/me', key: key, body: body.toJson());
    return MeOut.fromJson(answer! as Map<String, Object?>);
  }

  /// Edit an organisation.
  Future<OrganisationOut> editOrganisation(String handle, Edits body, {required String key}) async {
    final answer = await _call('PATCH', '/api/v1/organisations/${Uri.encodeComponent('$handle')}', key: key, body: body.toJson());
    return OrganisationOut.fromJson(answer! as Map<String, Object?>);
  }

  /// Edit a piece of work.
  Future<PortfolioOut> editPortfolioItem(int entryId, PortfolioIn body, {required String key}) async {
    final answer = await _call('PUT', '/api/v1/people/me/portfolio/${Uri.encodeComponent('$entryId')}', key: key, body: body.toJson());
    return PortfolioOut.fromJson(answer! as Map<String, Object?>);
  }

  /// Edit a post of yours.
  Future<Text> editPost(int postId, TextIn body, {required String version, required String key}) async {
    final answer = await _call('PUT', '/api/v1/timeline/posts/${Uri.encodeComponent('$postId')}/text', key: key, body: body.toJson(), version: version);
    return Text.fromJson(answer! as Map<String, Object?>);
  }

  /// Edit a qualification.
  Future<QualificationOut> editQualification(int entryId, QualificationIn body, {required String key}) async {
    final answer = await _call('PUT', '/api/v1/people/me/qualifications/${Uri.encodeComponent('$entryId')}', key: key, body: body.toJson());
    return QualificationOut.fromJson(answer! as Map<String, Object?>);
  }

  /// Write my story and place.
  Future<ProfileOut> editStory(StoryIn body, {required String key}) async {
    final answer = await _call('PUT', '/api/v1/people/me/story', key: key, body: body.toJson());
    return ProfileOut.fromJson(answer! as Map<String, Object?>);
  }

  /// Remove somebody, or leave.
  Future<void> endMembership(String handle, int memberId, {required String key}) async {
    await _call('DELETE', '/api/v1/organisations/${Uri.encodeComponent('$handle')}/people/${Uri.encodeComponent('$memberId')}', key: key);
  }

  /// Sign every other device out.
  Future<EndedOut> endOtherSessions({required String key}) async {
    final answer = await _call('DELETE', '/api/v1/me/sessions', key: key);
    return EndedOut.fromJson(answer! as Map<String, Object?>);
  }

  /// Sign a device out.
  Future<void> endSession(int sessionId, {required String key}) async {
    await _call('DELETE', '/api/v1/me/sessions/${Uri.encodeComponent('$sessionId')}', key: key);
  }

  /// Follow a hashtag.
  Future<void> followHashtag(String name, {required String key}) async {
    await _call('PUT', '/api/v1/timeline/hashtags/${Uri.encodeComponent('$name')}/follow', key: key);
  }

  /// Follow a member.
  Future<RelationOut> followMember(int memberId, {required String key}) async {
    final answer = await _call('PUT', '/api/v1/network/members/${Uri.encodeComponent('$memberId')}/follow', key: key);
    return RelationOut.fromJson(answer! as Map<String, Object?>);
  }

  /// Found an organisation.
  Future<OrganisationOut> foundOrganisation(Founding body, {required String key}) async {
    final answer = await _call('POST', '/api/v1/organisations', key: key, body: body.toJson());
    return OrganisationOut.fromJson(answer! as Map<String, Object?>);
  }

  /// Invite somebody.
  Future<InvitationOut> invitePerson(String handle, InvitationIn body, {required String key}) async {
    final answer = await _call('POST', '/api/v1/organisations/${Uri.encodeComponent('$handle')}/invitations', key: key, body: body.toJson());
    return InvitationOut.fromJson(answer! as Map<String, Object?>);
  }

  /// Get a ticket for a socket.
  Future<TicketOut> issueTicket({required String key}) async {
    final answer = await _call('POST', '/api/v1/realtime/tickets', key: key);
    return TicketOut.fromJson(answer! as Map<String, Object?>);
  }

  /// Make an access token.
  Future<NewTokenOut> issueToken(TokenIn body, {required String key}) async {
    final answer = await _call('POST', '/api/v1/me/tokens', key: key, body: body.toJson());
    return NewTokenOut.fromJson(answer! as Map<String, Object?>);
  }

  /// End a connection, or take a request back.
  Future<RelationOut> leaveConnection(int memberId, {required String key}) async {
    final answer = await _call('DELETE', '/api/v1/network/members/${Uri.encodeComponent('$memberId')}/connection', key: key);
    return RelationOut.fromJson(answer! as Map<String, Object?>);
  }

  /// List whom I blocked.
  Future<PeoplePage> listBlocked({String? cursor}) async {
    final answer = await _call('GET', '/api/v1/network/blocked', key: '', query: {'cursor': cursor});
    return PeoplePage.fromJson(answer! as Map<String, Object?>);
  }

  /// List the comments on a post.
  Future<CommentPage> listComments(int postId, {String? cursor}) async {
    final answer = await _call('GET', '/api/v1/timeline/posts/${Uri.encodeComponent('$postId')}/comments', key: '', query: {'cursor': cursor});
    return CommentPage.fromJson(answer! as Map<String, Object?>);
  }

  /// List my connections, latest first.
  Future<PeoplePage> listConnections({String? cursor}) async {
    final answer = await _call('GET', '/api/v1/network/connections', key: '', query: {'cursor': cursor});
    return PeoplePage.fromJson(answer! as Map<String, Object?>);
  }

  /// List your drafts.
  Future<List<Draft>> listDrafts() async {
    final answer = await _call('GET', '/api/v1/timeline/drafts', key: '');
    return <Draft>[for (final one in answer! as List<Object?>) Draft.fromJson(one! as Map<String, Object?>)];
  }

  /// List who follows me, latest first.
  Future<PeoplePage> listFollowers({String? cursor}) async {
    final answer = await _call('GET', '/api/v1/network/followers', key: '', query: {'cursor': cursor});
    return PeoplePage.fromJson(answer! as Map<String, Object?>);
  }

  /// List whom I follow, latest first.
  Future<PeoplePage> listFollowing({String? cursor}) async {
    final answer = await _call('GET', '/api/v1/network/following', key: '', query: {'cursor': cursor});
    return PeoplePage.fromJson(answer! as Map<String, Object?>);
  }

  /// List what is talked about.
  Future<List<Talk>> listHashtags() async {
    final answer = await _call('GET', '/api/v1/timeline/hashtags', key: '');
    return <Talk>[for (final one in answer! as List<Object?>) Talk.fromJson(one! as Map<String, Object?>)];
  }

  /// List open invitations.
  Future<List<InvitationOut>> listInvitations(String handle) async {
    final answer = await _call('GET', '/api/v1/organisations/${Uri.encodeComponent('$handle')}/invitations', key: '');
    return <InvitationOut>[for (final one in answer! as List<Object?>) InvitationOut.fromJson(one! as Map<String, Object?>)];
  }

  /// List who asks to join.
  Future<List<RequestOut>> listJoinRequests(String handle) async {
    final answer = await _call('GET', '/api/v1/organisations/${Uri.encodeComponent('$handle')}/requests', key: '');
    return <RequestOut>[for (final one in answer! as List<Object?>) RequestOut.fromJson(one! as Map<String, Object?>)];
  }

  /// List who belongs there.
  Future<MembershipPage> listMembers(String handle, {String? cursor}) async {
    final answer = await _call('GET', '/api/v1/organisations/${Uri.encodeComponent('$handle')}/people', key: '', query: {'cursor': cursor});
    return MembershipPage.fromJson(answer! as Map<String, Object?>);
  }

  /// List whom I muted.
  Future<PeoplePage> listMuted({String? cursor}) async {
    final answer = await _call('GET', '/api/v1/network/muted', key: '', query: {'cursor': cursor});
    return PeoplePage.fromJson(answer! as Map<String, Object?>);
  }

  /// List what I was told, latest first.
  Future<NotificationPage> listNotifications({bool? unread, String? group, String? cursor}) async {
    final answer = await _call('GET', '/api/v1/notifications', key: '', query: {'unread': unread, 'group': group, 'cursor': cursor});
    return NotificationPage.fromJson(answer! as Map<String, Object?>);
  }

  /// List organisations by name.
  Future<OrganisationPage> listOrganisations({String? q, Kind? kind, String? place, String? cursor}) async {
    final answer = await _call('GET', '/api/v1/organisations', key: '', query: {'q': q, 'kind': kind?.wire, 'place': place, 'cursor': cursor});
    return OrganisationPage.fromJson(answer! as Map<String, Object?>);
  }

  /// List invitations to me.
  Future<List<InvitationOut>> listOwnInvitations() async {
    final answer = await _call('GET', '/api/v1/organisations/mine/invitations', key: '');
    return <InvitationOut>[for (final one in answer! as List<Object?>) InvitationOut.fromJson(one! as Map<String, Object?>)];
  }

  /// List where I belong.
  Future<List<OwnMembershipOut>> listOwnMemberships() async {
    final answer = await _call('GET', '/api/v1/organisations/mine', key: '');
    return <OwnMembershipOut>[for (final one in answer! as List<Object?>) OwnMembershipOut.fromJson(one! as Map<String, Object?>)];
  }

  /// List people by name.
  Future<CardPage> listPeople({String? q, String? skill, Hat? hat, String? place, Availability? availability, String? cursor}) async {
    final answer = await _call('GET', '/api/v1/people', key: '', query: {'q': q, 'skill': skill, 'hat': hat?.wire, 'place': place, 'availability': availability?.wire, 'cursor': cursor});
    return CardPage.fromJson(answer! as Map<String, Object?>);
  }

  /// List all versions.
  Future<List<Version>> listPostVersions(int postId) async {
    final answer = await _call('GET', '/api/v1/timeline/posts/${Uri.encodeComponent('$postId')}/versions', key: '');
    return <Version>[for (final one in answer! as List<Object?>) Version.fromJson(one! as Map<String, Object?>)];
  }

  /// List the posts of a tab, page by page.
  Future<PostPage> listPosts({String? tab, String? cursor}) async {
    final answer = await _call('GET', '/api/v1/timeline/posts', key: '', query: {'tab': tab, 'cursor': cursor});
    return PostPage.fromJson(answer! as Map<String, Object?>);
  }

  /// List posts about a hashtag.
  Future<PostPage> listPostsAbout(String name, {String? cursor}) async {
    final answer = await _call('GET', '/api/v1/timeline/hashtags/${Uri.encodeComponent('$name')}/posts', key: '', query: {'cursor': cursor});
    return PostPage.fromJson(answer! as Map<String, Object?>);
  }

  /// List the posts of a member.
  Future<PostPage> listPostsBy(String handle, {String? cursor}) async {
    final answer = await _call('GET', '/api/v1/timeline/authors/${Uri.encodeComponent('$handle')}/posts', key: '', query: {'cursor': cursor});
    return PostPage.fromJson(answer! as Map<String, Object?>);
  }

  /// List the posts for an organisation.
  Future<PostPage> listPostsFor(String handle, {String? cursor}) async {
    final answer = await _call('GET', '/api/v1/timeline/organisations/${Uri.encodeComponent('$handle')}/posts', key: '', query: {'cursor': cursor});
    return PostPage.fromJson(answer! as Map<String, Object?>);
  }

  /// List who reacted, and how.
  Future<ReactionPage> listReactions(int postId, {String? cursor}) async {
    final answer = await _call('GET', '/api/v1/timeline/posts/${Uri.encodeComponent('$postId')}/reactions', key: '', query: {'cursor': cursor});
    return ReactionPage.fromJson(answer! as Map<String, Object?>);
  }

  /// List who waits for my answer.
  Future<PeoplePage> listRequestsReceived({String? cursor}) async {
    final answer = await _call('GET', '/api/v1/network/requests/received', key: '', query: {'cursor': cursor});
    return PeoplePage.fromJson(answer! as Map<String, Object?>);
  }

  /// List whose answer I wait for.
  Future<PeoplePage> listRequestsSent({String? cursor}) async {
    final answer = await _call('GET', '/api/v1/network/requests/sent', key: '', query: {'cursor': cursor});
    return PeoplePage.fromJson(answer! as Map<String, Object?>);
  }

  /// List what you keep for later.
  Future<PostPage> listSaved({String? cursor}) async {
    final answer = await _call('GET', '/api/v1/timeline/saved', key: '', query: {'cursor': cursor});
    return PostPage.fromJson(answer! as Map<String, Object?>);
  }

  /// List my signed-in devices.
  Future<List<SessionOut>> listSessions() async {
    final answer = await _call('GET', '/api/v1/me/sessions', key: '');
    return <SessionOut>[for (final one in answer! as List<Object?>) SessionOut.fromJson(one! as Map<String, Object?>)];
  }

  /// List people I may know, and why.
  Future<List<SuggestionOut>> listSuggestions() async {
    final answer = await _call('GET', '/api/v1/network/suggestions', key: '');
    return <SuggestionOut>[for (final one in answer! as List<Object?>) SuggestionOut.fromJson(one! as Map<String, Object?>)];
  }

  /// List my access tokens.
  Future<List<TokenOut>> listTokens() async {
    final answer = await _call('GET', '/api/v1/me/tokens', key: '');
    return <TokenOut>[for (final one in answer! as List<Object?>) TokenOut.fromJson(one! as Map<String, Object?>)];
  }

  /// Mark notifications as read.
  Future<CountersOut> markRead(ReadIn body, {required String key}) async {
    final answer = await _call('POST', '/api/v1/notifications/read', key: key, body: body.toJson());
    return CountersOut.fromJson(answer! as Map<String, Object?>);
  }

  /// Mark notifications as seen.
  Future<CountersOut> markSeen(SeenIn body, {required String key}) async {
    final answer = await _call('POST', '/api/v1/notifications/seen', key: key, body: body.toJson());
    return CountersOut.fromJson(answer! as Map<String, Object?>);
  }

  /// Hear nothing of a member.
  Future<RelationOut> muteMember(int memberId, {required String key}) async {
    final answer = await _call('PUT', '/api/v1/network/members/${Uri.encodeComponent('$memberId')}/mute', key: key);
    return RelationOut.fromJson(answer! as Map<String, Object?>);
  }

  /// Pause mail until a moment, or end the pause.
  Future<PreferencesOut> pauseMail(PauseIn body, {required String key}) async {
    final answer = await _call('PUT', '/api/v1/notifications/pause', key: key, body: body.toJson());
    return PreferencesOut.fromJson(answer! as Map<String, Object?>);
  }

  /// Publish a draft.
  Future<Post> publishDraft(int draftId, {required String key}) async {
    final answer = await _call('POST', '/api/v1/timeline/drafts/${Uri.encodeComponent('$draftId')}/publication', key: key);
    return Post.fromJson(answer! as Map<String, Object?>);
  }

  /// Publish a post.
  Future<Post> publishPost(CompositionIn body, {required String key}) async {
    final answer = await _call('POST', '/api/v1/timeline/posts', key: key, body: body.toJson());
    return Post.fromJson(answer! as Map<String, Object?>);
  }

  /// React, or react differently.
  Future<Post> reactToPost(int postId, ReactionIn body, {required String key}) async {
    final answer = await _call('PUT', '/api/v1/timeline/posts/${Uri.encodeComponent('$postId')}/reaction', key: key, body: body.toJson());
    return Post.fromJson(answer! as Map<String, Object?>);
  }

  /// Read a comment.
  Future<Comment> readComment(int commentId) async {
    final answer = await _call('GET', '/api/v1/timeline/comments/${Uri.encodeComponent('$commentId')}', key: '');
    return Comment.fromJson(answer! as Map<String, Object?>);
  }

  /// Read a draft.
  Future<Draft> readDraft(int draftId) async {
    final answer = await _call('GET', '/api/v1/timeline/drafts/${Uri.encodeComponent('$draftId')}', key: '');
    return Draft.fromJson(answer! as Map<String, Object?>);
  }

  /// Read what became of a file of yours.
  Future<StoredFile> readFile(String key) async {
    final answer = await _call('GET', '/api/v1/files/${Uri.encodeComponent('$key')}', key: '');
    return StoredFile.fromJson(answer! as Map<String, Object?>);
  }

  /// Read a hashtag.
  Future<HashtagName> readHashtag(String name) async {
    final answer = await _call('GET', '/api/v1/timeline/hashtags/${Uri.encodeComponent('$name')}', key: '');
    return HashtagName.fromJson(answer! as Map<String, Object?>);
  }

  /// Read who I am.
  Future<MeOut> readMe() async {
    final answer = await _call('GET', '/api/v1/me', key: '');
    return MeOut.fromJson(answer! as Map<String, Object?>);
  }

  /// Mark one notification as read.
  Future<NotificationOut> readNotification(int notificationId, {required String key}) async {
    final answer = await _call('PUT', '/api/v1/notifications/${Uri.encodeComponent('$notificationId')}/read', key: key);
    return NotificationOut.fromJson(answer! as Map<String, Object?>);
  }

  /// Read an organisation.
  Future<OrganisationOut> readOrganisation(String handle) async {
    final answer = await _call('GET', '/api/v1/organisations/${Uri.encodeComponent('$handle')}', key: '');
    return OrganisationOut.fromJson(answer! as Map<String, Object?>);
  }

  /// Read a post.
  Future<Post> readPost(int postId) async {
    final answer = await _call('GET', '/api/v1/timeline/posts/${Uri.encodeComponent('$postId')}', key: '');
    return Post.fromJson(answer! as Map<String, Object?>);
  }

  /// Read the Markdown of a post.
  Future<Text> readPostText(int postId) async {
    final answer = await _call('GET', '/api/v1/timeline/posts/${Uri.encodeComponent('$postId')}/text', key: '');
    return Text.fromJson(answer! as Map<String, Object?>);
  }

  /// Read what I am told, where and when.
  Future<PreferencesOut> readPreferences() async {
    final answer = await _call('GET', '/api/v1/notifications/preferences', key: '');
    return PreferencesOut.fromJson(answer! as Map<String, Object?>);
  }

  /// Read a profile.
  Future<ProfileOut> readProfile(String handle) async {
    final answer = await _call('GET', '/api/v1/people/${Uri.encodeComponent('$handle')}', key: '');
    return ProfileOut.fromJson(answer! as Map<String, Object?>);
  }

  /// Read how I stand to a member.
  Future<RelationOut> readRelation(int memberId) async {
    final answer = await _call('GET', '/api/v1/network/members/${Uri.encodeComponent('$memberId')}', key: '');
    return RelationOut.fromJson(answer! as Map<String, Object?>);
  }

  /// Read how I stand to an organisation.
  Future<StandingOut> readStanding(String handle) async {
    final answer = await _call('GET', '/api/v1/organisations/${Uri.encodeComponent('$handle')}/standing', key: '');
    return StandingOut.fromJson(answer! as Map<String, Object?>);
  }

  /// Read who sees what of my profile.
  Future<VisibilityOut> readVisibility() async {
    final answer = await _call('GET', '/api/v1/people/me/visibility', key: '');
    return VisibilityOut.fromJson(answer! as Map<String, Object?>);
  }

  /// Remove an experience.
  Future<void> removeExperience(int entryId, {required String key}) async {
    await _call('DELETE', '/api/v1/people/me/experience/${Uri.encodeComponent('$entryId')}', key: key);
  }

  /// Remove a language.
  Future<void> removeLanguage(int entryId, {required String key}) async {
    await _call('DELETE', '/api/v1/people/me/languages/${Uri.encodeComponent('$entryId')}', key: key);
  }

  /// Remove a link.
  Future<void> removeLink(int entryId, {required String key}) async {
    await _call('DELETE', '/api/v1/people/me/links/${Uri.encodeComponent('$entryId')}', key: key);
  }

  /// Remove a piece of work.
  Future<void> removePortfolioItem(int entryId, {required String key}) async {
    await _call('DELETE', '/api/v1/people/me/portfolio/${Uri.encodeComponent('$entryId')}', key: key);
  }

  /// Remove a qualification.
  Future<void> removeQualification(int entryId, {required String key}) async {
    await _call('DELETE', '/api/v1/people/me/qualifications/${Uri.encodeComponent('$entryId')}', key: key);
  }

  /// Take another handle.
  Future<MeOut> renameMe(HandleIn body, {required String key}) async {
    final answer = await _call('PUT', '/api/v1/me/handle', key: key, body: body.toJson());
    return MeOut.fromJson(answer! as Map<String, Object?>);
  }

  /// Show what a text becomes.
  Future<RenderedText> renderText(ShownIn body, {required String key}) async {
    final answer = await _call('POST', '/api/v1/timeline/rendering', key: key, body: body.toJson());
    return RenderedText.fromJson(answer! as Map<String, Object?>);
  }

  /// Reopen a closed organisation.
  Future<OrganisationOut> reopenOrganisation(String handle, {required String key}) async {
    final answer = await _call('DELETE', '/api/v1/organisations/${Uri.encodeComponent('$handle')}/closure', key: key);
    return OrganisationOut.fromJson(answer! as Map<String, Object?>);
  }

  /// Pass a post on.
  Future<Post> repostPost(int postId, NoteIn body, {required String key}) async {
    final answer = await _call('POST', '/api/v1/timeline/posts/${Uri.encodeComponent('$postId')}/reposts', key: key, body: body.toJson());
    return Post.fromJson(answer! as Map<String, Object?>);
  }

  /// Ask a member to connect.
  Future<RelationOut> requestConnection(int memberId, RequestIn body, {required String key}) async {
    final answer = await _call('POST', '/api/v1/network/members/${Uri.encodeComponent('$memberId')}/connection', key: key, body: body.toJson());
    return RelationOut.fromJson(answer! as Map<String, Object?>);
  }

  /// Ask to join.
  Future<RequestOut> requestToJoin(String handle, JoinNoteIn body, {required String key}) async {
    final answer = await _call('POST', '/api/v1/organisations/${Uri.encodeComponent('$handle')}/requests', key: key, body: body.toJson());
    return RequestOut.fromJson(answer! as Map<String, Object?>);
  }

  /// Restore a post just deleted.
  Future<Post> restorePost(int postId, {required String key}) async {
    final answer = await _call('POST', '/api/v1/timeline/posts/${Uri.encodeComponent('$postId')}/restoration', key: key);
    return Post.fromJson(answer! as Map<String, Object?>);
  }

  /// Withdraw an invitation.
  Future<void> revokeInvitation(int invitationId, {required String key}) async {
    await _call('DELETE', '/api/v1/organisations/invitations/${Uri.encodeComponent('$invitationId')}', key: key);
  }

  /// Revoke an access token.
  Future<void> revokeToken(int tokenId, {required String key}) async {
    await _call('DELETE', '/api/v1/me/tokens/${Uri.encodeComponent('$tokenId')}', key: key);
  }

  /// Save a draft.
  Future<Draft> saveDraft(int draftId, CompositionIn body, {required String version, required String key}) async {
    final answer = await _call('PUT', '/api/v1/timeline/drafts/${Uri.encodeComponent('$draftId')}', key: key, body: body.toJson(), version: version);
    return Draft.fromJson(answer! as Map<String, Object?>);
  }

  /// Keep a post for later.
  Future<void> savePost(int postId, {required String key}) async {
    await _call('PUT', '/api/v1/timeline/posts/${Uri.encodeComponent('$postId')}/save', key: key);
  }

  /// Have a draft published at a moment.
  Future<Draft> scheduleDraft(int draftId, MomentIn body, {required String key}) async {
    final answer = await _call('PUT', '/api/v1/timeline/drafts/${Uri.encodeComponent('$draftId')}/schedule', key: key, body: body.toJson());
    return Draft.fromJson(answer! as Map<String, Object?>);
  }

  /// Send an invitation again.
  Future<InvitationOut> sendInvitationAgain(int invitationId, {required String key}) async {
    final answer = await _call('POST', '/api/v1/organisations/invitations/${Uri.encodeComponent('$invitationId')}/sending', key: key);
    return InvitationOut.fromJson(answer! as Map<String, Object?>);
  }

  /// Suggest skills for a few letters.
  Future<List<SkillOut>> suggestSkills({String? q, int? limit}) async {
    final answer = await _call('GET', '/api/v1/people/skills', key: '', query: {'q': q, 'limit': limit});
    return <SkillOut>[for (final one in answer! as List<Object?>) SkillOut.fromJson(one! as Map<String, Object?>)];
  }

  /// Switch the active hat.
  Future<MeOut> switchHat(HatIn body, {required String key}) async {
    final answer = await _call('PUT', '/api/v1/me/hat', key: key, body: body.toJson());
    return MeOut.fromJson(answer! as Map<String, Object?>);
  }

  /// Let a member back.
  Future<RelationOut> unblockMember(int memberId, {required String key}) async {
    final answer = await _call('DELETE', '/api/v1/network/members/${Uri.encodeComponent('$memberId')}/block', key: key);
    return RelationOut.fromJson(answer! as Map<String, Object?>);
  }

  /// Let a post be shown for you again.
  Future<void> undismissPost(int postId, {required String key}) async {
    await _call('DELETE', '/api/v1/timeline/posts/${Uri.encodeComponent('$postId')}/dismissal', key: key);
  }

  /// Stop following a hashtag.
  Future<void> unfollowHashtag(String name, {required String key}) async {
    await _call('DELETE', '/api/v1/timeline/hashtags/${Uri.encodeComponent('$name')}/follow', key: key);
  }

  /// Stop following a member.
  Future<RelationOut> unfollowMember(int memberId, {required String key}) async {
    final answer = await _call('DELETE', '/api/v1/network/members/${Uri.encodeComponent('$memberId')}/follow', key: key);
    return RelationOut.fromJson(answer! as Map<String, Object?>);
  }

  /// Hear of a member again.
  Future<RelationOut> unmuteMember(int memberId, {required String key}) async {
    final answer = await _call('DELETE', '/api/v1/network/members/${Uri.encodeComponent('$memberId')}/mute', key: key);
    return RelationOut.fromJson(answer! as Map<String, Object?>);
  }

  /// Keep a post no longer.
  Future<void> unsavePost(int postId, {required String key}) async {
    await _call('DELETE', '/api/v1/timeline/posts/${Uri.encodeComponent('$postId')}/save', key: key);
  }

  /// Leave a draft unpublished.
  Future<Draft> unscheduleDraft(int draftId, {required String key}) async {
    final answer = await _call('DELETE', '/api/v1/timeline/drafts/${Uri.encodeComponent('$draftId')}/schedule', key: key);
    return Draft.fromJson(answer! as Map<String, Object?>);
  }

  /// Vote in a poll, or vote differently.
  Future<Post> voteInPoll(int postId, VoteIn body, {required String key}) async {
    final answer = await _call('PUT', '/api/v1/timeline/posts/${Uri.encodeComponent('$postId')}/vote', key: key, body: body.toJson());
    return Post.fromJson(answer! as Map<String, Object?>);
  }

  /// Take my request to join back.
  Future<void> withdrawJoinRequest(int requestId, {required String key}) async {
    await _call('DELETE', '/api/v1/organisations/requests/${Uri.encodeComponent('$requestId')}', key: key);
  }

  /// Make a post just published a draft again.
  Future<Draft> withdrawPost(int postId, {required String key}) async {
    final answer = await _call('POST', '/api/v1/timeline/posts/${Uri.encodeComponent('$postId')}/withdrawal', key: key);
    return Draft.fromJson(answer! as Map<String, Object?>);
  }

  /// Take your reaction back.
  Future<Post> withdrawReaction(int postId, {required String key}) async {
    final answer = await _call('DELETE', '/api/v1/timeline/posts/${Uri.encodeComponent('$postId')}/reaction', key: key);
    return Post.fromJson(answer! as Map<String, Object?>);
  }

  /// Take back your repost without a note.
  Future<void> withdrawRepost(int postId, {required String key}) async {
    await _call('DELETE', '/api/v1/timeline/posts/${Uri.encodeComponent('$postId')}/repost', key: key);
  }
}
