using System.Globalization;
using System.Text;
using Clearway.Proxy.Access;
using Clearway.Proxy.Errors;
using Clearway.Storage.V1;
using RecordingClient = Clearway.Storage.V1.RecordingService.RecordingServiceClient;

namespace Clearway.Proxy.Records;

/// <summary>What becomes of recordings: they are listed, searched, renamed, deleted, linked to, and their manifests read.</summary>
internal sealed class RecordingLibrary(RecordingClient storage, TimeProvider time)
{
    private const int MaxBodyBytes = 4 * 1024;
    private const int DefaultLimit = 50;
    private const int MaxSearchLength = 120;
    private const int MaxCursorLength = 2048;

    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(10);

    /// <summary><c>GET /api/v1/records?search=&amp;state=&amp;limit=&amp;cursor=</c></summary>
    internal async Task<IResult> ListAsync(HttpContext context)
    {
        var query = context.Request.Query;
        var limit = DefaultLimit;
        if (query.TryGetValue("limit", out var text)
            && !(int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out limit) && limit is >= 1 and <= 100))
        {
            return Problem.BadRequest("limit is 1 to 100.").ToResult();
        }

        if (StateOf(query["state"].ToString()) is not { } state)
        {
            return Problem.BadRequest("state is recording, sealed or failed.").ToResult();
        }

        var (search, cursor) = (query["search"].ToString(), query["cursor"].ToString());
        if (search.Length > MaxSearchLength || cursor.Length > MaxCursorLength)
        {
            return Problem.BadRequest("search or cursor is too long.").ToResult();
        }

        var answer = await storage.ListAsync(
            new ListRequest { Access = context.StorageAccess(), Search = search, State = state, Limit = limit, Cursor = cursor },
            deadline: Until(Deadline),
            cancellationToken: context.RequestAborted);
        return Wire.ToJson(new Page([.. answer.Recordings.Select(RecordingBody.Of)], answer.Cursor.Length == 0 ? null : answer.Cursor));
    }

    /// <summary><c>GET /api/v1/records/{id}</c></summary>
    internal async Task<IResult> GetAsync(string id, HttpContext context) => Wire.ToJson(RecordingBody.Of(await storage.GetAsync(
        new GetRequest { Id = id, Access = context.StorageAccess() }, deadline: Until(Deadline), cancellationToken: context.RequestAborted)));

    /// <summary><c>PUT /api/v1/records/{id}/title</c></summary>
    internal async Task<IResult> RenameAsync(string id, HttpContext context)
    {
        var (body, problem) = await JsonBody.ReadAsync<NewTitle>(context.Request, MaxBodyBytes);
        return body is null
            ? problem!.ToResult()
            : Wire.ToJson(RecordingBody.Of(await storage.RenameAsync(
                new RenameRequest { Id = id, Access = context.StorageAccess(), Title = body.Title },
                deadline: Until(Deadline),
                cancellationToken: context.RequestAborted)));
    }

    /// <summary><c>DELETE /api/v1/records/{id}/file</c>: the recording with all that belongs to it.</summary>
    internal Task<IResult> DeleteAsync(string id, HttpContext context) => RecordingUpload.TerminateAsync(id, context, storage, time);

    /// <summary><c>POST /api/v1/records/{id}/links</c></summary>
    internal async Task<IResult> CreateLinkAsync(string id, HttpContext context)
    {
        var (body, problem) = await JsonBody.ReadAsync<NewLink>(context.Request, MaxBodyBytes);
        if (body is null)
        {
            return problem!.ToResult();
        }

        var request = new CreateLinkRequest { Id = id, Access = context.StorageAccess(), Network = body.Network ?? "" };
        request.LifetimeSeconds = (body.LifetimeMinutes ?? 0) * 60L;
        var answer = await storage.CreateLinkAsync(request, deadline: Until(Deadline), cancellationToken: context.RequestAborted);
        return Wire.ToJson(new Link(answer.Link, answer.ExpiresAt), StatusCodes.Status201Created);
    }

    /// <summary><c>DELETE /api/v1/records/{id}/links</c></summary>
    internal async Task<IResult> RevokeLinksAsync(string id, HttpContext context)
    {
        await storage.RevokeLinksAsync(
            new RevokeLinksRequest { Id = id, Access = context.StorageAccess() },
            deadline: Until(Deadline),
            cancellationToken: context.RequestAborted);
        return Results.NoContent();
    }

    /// <summary><c>GET /api/v1/records/{id}/manifest</c></summary>
    internal async Task<IResult> GetManifestAsync(string id, HttpContext context)
    {
        var answer = await storage.GetManifestAsync(
            new GetManifestRequest { Id = id, Access = context.StorageAccess() },
            deadline: Until(Deadline),
            cancellationToken: context.RequestAborted);
        return Wire.ToJson(new ManifestBody(Encoding.UTF8.GetString(answer.Manifest.Span), answer.Signature, answer.IsValid));
    }

    /// <summary><c>POST /api/v1/records/{id}/consents</c>: everybody speaks for themselves.</summary>
    internal async Task<IResult> AddConsentAsync(string id, HttpContext context)
    {
        var (body, problem) = await JsonBody.ReadAsync<NewConsent>(context.Request, MaxBodyBytes);
        if (body is null)
        {
            return problem!.ToResult();
        }

        var claims = context.RoomClaims();
        var request = new AddConsentRequest
        {
            Id = id,
            Access = new Clearway.Storage.V1.Access { Tenant = claims.Tenant, Room = claims.Room },
            Participant = claims.Subject,
            Granted = body.Granted,
        };
        await storage.AddConsentAsync(request, deadline: Until(Deadline), cancellationToken: context.RequestAborted);
        return Results.NoContent();
    }

    private static RecordingState? StateOf(string name) => name switch
    {
        "" => RecordingState.Unspecified,
        "recording" => RecordingState.Recording,
        "sealed" => RecordingState.Sealed,
        "failed" => RecordingState.Failed,
        _ => null,
    };

    private DateTime Until(TimeSpan deadline) => time.GetUtcNow().UtcDateTime + deadline;

    private sealed record Page(IReadOnlyList<RecordingBody> Recordings, string? Cursor);

    private sealed record NewTitle(string Title);

    private sealed record NewLink(int? LifetimeMinutes = null, string? Network = null);

    private sealed record Link([property: System.Text.Json.Serialization.JsonPropertyName("link")] string Path, long ExpiresAt);

    private sealed record ManifestBody(string Manifest, string Signature, bool IsValid);

    private sealed record NewConsent(bool Granted);
}
