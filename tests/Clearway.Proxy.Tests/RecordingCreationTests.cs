using System.Net;
using Clearway.Auth.V1;
using Clearway.Storage.V1;
using Xunit;

namespace Clearway.Proxy.Tests;

public sealed class RecordingCreationTests
{
    [Theory]
    [InlineData("Upload-Defer-Length", "0")]
    [InlineData("Upload-Length", "-5")]
    [InlineData("Upload-Length", "1e3")]
    [InlineData("Upload-Length", "")]
    public async Task Creation_WithoutALength_IsABadRequest(string header, string value)
    {
        await using var edge = await Edge.StartAsync();
        using var answer = await edge.SendAsync(HttpMethod.Post, TusRequest.Root, Role.Organizer, null, headers =>
        {
            TusRequest.Version(headers);
            headers.Add("Upload-Metadata", TusRequest.Metadata("Weekly"));
            headers.TryAddWithoutValidation(header, value);
        });
        await Expect.ProblemAsync(answer, HttpStatusCode.BadRequest, "bad_request");
    }

    [Theory]
    [InlineData("", "recording_id_malformed")]
    [InlineData("title V2Vla2x5", "recording_id_malformed")]
    [InlineData("recording_id Li4veA==", "recording_id_malformed")]
    [InlineData("recording_id MDFrNXB6YmcwYTd2M3FkOXh3NHR6Mm04bmM=,recording_id MDFr", "bad_request")]
    [InlineData("recording_id ???", "bad_request")]
    [InlineData("title /w==", "bad_request")]
    public async Task Creation_WithOtherMetadata_IsRefused(string metadata, string code)
    {
        await using var edge = await Edge.StartAsync();
        using var answer = await edge.SendAsync(HttpMethod.Post, TusRequest.Root, Role.Organizer, null, headers =>
        {
            TusRequest.Version(headers);
            headers.Add("Upload-Defer-Length", "1");
            headers.TryAddWithoutValidation("Upload-Metadata", metadata);
        });
        await Expect.ProblemAsync(answer, HttpStatusCode.BadRequest, code);
    }

    [Fact]
    public async Task Creation_BeyondTheLargestSize_IsTooLarge()
    {
        await using var edge = await Edge.StartAsync();
        using var answer = await edge.SendAsync(HttpMethod.Post, TusRequest.Root, Role.Organizer, null, headers =>
        {
            TusRequest.Version(headers);
            headers.Add("Upload-Metadata", TusRequest.Metadata("Weekly"));
            headers.Add("Upload-Length", "34359738369");
        });
        await Expect.ProblemAsync(answer, HttpStatusCode.RequestEntityTooLarge, "body_too_large");
    }

    [Fact]
    public async Task Creation_ByAnObserver_IsForbidden()
    {
        await using var edge = await Edge.StartAsync();
        using var answer = await edge.SendAsync(HttpMethod.Post, TusRequest.Root, Role.Observer, null, TusRequest.Creation());
        await Expect.ProblemAsync(answer, HttpStatusCode.Forbidden, "role_forbidden");
    }

    [Theory]
    [InlineData(Role.Organizer, false)]
    [InlineData(Role.Moderator, false)]
    [InlineData(Role.Participant, true)]
    public async Task Creation_ByAParticipant_ClaimsOnlyWhatWasGranted(Role role, bool isClaim)
    {
        await using var edge = await Edge.StartAsync();
        using var answer = await edge.SendAsync(HttpMethod.Post, TusRequest.Root, role, null, TusRequest.Creation());

        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        var asked = edge.Upstreams.Storage.LastCreation!;
        Assert.Equal((isClaim, RecordingKind.Unspecified), (asked.IsClaim, asked.Kind));
    }
}
