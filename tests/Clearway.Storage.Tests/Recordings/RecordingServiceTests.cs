using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Web;
using Clearway.Storage.Links;
using Clearway.Storage.Recordings;
using Clearway.Storage.Tests.WebM;
using Clearway.Storage.V1;
using Clearway.Testing;
using Grpc.Core;
using Microsoft.Extensions.Options;

namespace Clearway.Storage.Tests.Recordings;

[Collection(BlobTests.Name)]
public sealed class RecordingServiceTests(BlobFixture blobs) : IAsyncLifetime
{
    private StorageHost _host = null!;

    public async Task InitializeAsync() => _host = await StorageHost.StartAsync(blobs);

    public async Task DisposeAsync() => await _host.DisposeAsync();

    [Fact]
    public async Task Recording_FromCreationToDownload_SurvivesRestartsInBetween()
    {
        var id = Example.Id();
        var created = await _host.Client.CreateAsync(Example.Creation(id));
        Assert.Equal(RecordingState.Recording, created.State);

        Assert.Equal(50_000, await _host.UploadAsync(id.Value, 0, Sample.Bytes.AsMemory(0, 50_000)));
        await _host.RestartAsync();
        Assert.Equal(50_000, (await _host.Client.GetAsync(Get(id))).SizeBytes);
        Assert.Equal(Sample.Bytes.Length, await _host.UploadAsync(id.Value, 50_000, Sample.Bytes.AsMemory(50_000)));

        var answer = await _host.Client.SealAsync(Seal(id));
        await _host.RestartAsync();
        await blobs.Azurite.RestartAsync();

        var (header, bytes) = await _host.ReadAsync(LinkTo(answer));
        Assert.Equal(await WebmFile.SealAsync(Sample.Bytes), bytes);
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(bytes)), header.Recording.Sha256);
        Assert.Equal(answer.Recording, header.Recording);
        Assert.Empty(header.Parts);
        Assert.Equal("Weekly", header.Recording.Title);
        Assert.InRange(header.Recording.DurationMs, 19_900, 20_100);
        Assert.Equal(
            Convert.ToHexStringLower(
                HMACSHA256.HashData(Encoding.UTF8.GetBytes(_host.SystemMessageKey), Encoding.UTF8.GetBytes(answer.SystemData))),
            answer.Security);
    }

    [Fact]
    public async Task Read_OfRanges_GivesThoseBytes()
    {
        var link = LinkTo(await SealedAsync());
        var whole = (await _host.ReadAsync(link)).Bytes;

        var (header, middle) = await _host.ReadAsync(With(link, "bytes=70000-139999"));
        Assert.Equal(new BytePart { First = 70_000, Length = whole.Length - 70_000 }, header.Parts.Single());
        Assert.Equal(whole[70_000..], middle);
        Assert.Equal(whole[^5..], (await _host.ReadAsync(With(link, "bytes=-5"))).Bytes);
        Assert.Equal(whole[..1], (await _host.ReadAsync(With(link, "bytes=0-0", header.Etag))).Bytes);
        Assert.Equal(whole, (await _host.ReadAsync(With(link, "bytes=0-0", "\"other\""))).Bytes);
        byte[] both = [.. whole.Take(1), .. whole.Skip(5).Take(2)];
        Assert.Equal(both, (await _host.ReadAsync(With(link, "bytes=0-0,5-6"))).Bytes);

        var head = link.Clone();
        head.HeaderOnly = true;
        Assert.Equal(whole.Length, (await _host.ReadAsync(head)).Header.Recording.SizeBytes);
        Assert.Empty((await _host.ReadAsync(head)).Bytes);

        var beyond = await Refused(StatusCode.OutOfRange, "range_not_satisfiable", () => _host.ReadAsync(With(link, "bytes=99999999-")));
        Assert.Equal(whole.Length.ToString(CultureInfo.InvariantCulture), beyond.Trailers.GetValue("clearway-size"));
    }

    [Fact]
    public async Task Read_WithABadLink_IsRefused()
    {
        var link = LinkTo(await SealedAsync());
        var other = LinkTo(await SealedAsync());
        var expired = Signed(Id(link.Id), DateTimeOffset.UtcNow.AddDays(-8));
        var open = Example.Id();
        await _host.Client.CreateAsync(Example.Creation(open));

        await Refused(StatusCode.PermissionDenied, "link_refused", () => _host.ReadAsync(new ReadRequest { Id = link.Id }));
        await Refused(StatusCode.PermissionDenied, "link_refused", () => _host.ReadAsync(
            new ReadRequest { Id = link.Id, Expires = other.Expires, Signature = other.Signature }));
        await Refused(StatusCode.PermissionDenied, "link_refused", () => _host.ReadAsync(Signed(Example.Id(), DateTimeOffset.UtcNow)));
        await Refused(StatusCode.PermissionDenied, "link_expired", () => _host.ReadAsync(expired));
        await Refused(StatusCode.FailedPrecondition, "recording_open", () => _host.ReadAsync(Signed(open, DateTimeOffset.UtcNow)));
    }

    [Theory]
    [InlineData("../x")]
    [InlineData("")]
    [InlineData("..%2f..%2f..%2f..%2fetc%2fpa")]
    [InlineData("01K5PZBG0A7V3QD9XW4TZ2M8NC")]
    public async Task AnyCall_WithAMalformedId_IsRefused(string id)
    {
        Task Malformed(Func<Task> call) => Refused(StatusCode.InvalidArgument, "recording_id_malformed", call);

        var create = new CreateRequest { Id = id, Tenant = "default", Room = "r", RecordedBy = "p" };
        await Malformed(() => _host.Client.CreateAsync(create).ResponseAsync);
        await Malformed(() => _host.UploadAsync(id, 0, new byte[5]));
        await Malformed(() => _host.Client.GetAsync(new GetRequest { Id = id, Access = Example.Access }).ResponseAsync);
        await Malformed(() => _host.Client.SealAsync(new SealRequest { Id = id, Access = Example.Access }).ResponseAsync);
        await Malformed(() => _host.ReadAsync(new ReadRequest { Id = id }));
    }

    [Fact]
    public async Task Upload_AtAnotherOffset_IsRefusedWithTheRightOne()
    {
        var id = Example.Id();
        await _host.Client.CreateAsync(Example.Creation(id));
        await _host.UploadAsync(id.Value, 0, new byte[70]);

        var refused = await Refused(StatusCode.OutOfRange, "upload_offset", () => _host.UploadAsync(id.Value, 0, new byte[5_000_000]));

        Assert.Equal("70", refused.Trailers.GetValue("clearway-offset"));
    }

    [Fact]
    public async Task Upload_ThatIsNotAtItsEnd_TellsWhenItExpires()
    {
        var id = Example.Id();
        await _host.Client.CreateAsync(Example.Creation(id));
        using var call = _host.Client.Upload();
        await StorageHost.SendAsync(call.RequestStream, id.Value, 0, new byte[70]);
        await call.RequestStream.CompleteAsync();

        var stored = await call;

        Assert.NotEqual(0, stored.ExpiresAt);
        Assert.Equal((await _host.Client.GetAsync(Get(id))).ExpiresAt, stored.ExpiresAt);
    }

    [Fact]
    public async Task Upload_WithoutAHeader_IsRefused()
    {
        await Refused(StatusCode.InvalidArgument, "bad_request", async () =>
        {
            using var call = _host.Client.Upload();
            await call.RequestStream.CompleteAsync();
            await call;
        });
    }

    [Fact]
    public async Task Upload_CutByTheClient_KeepsWhatArrivedAndGoesOnFromThere()
    {
        // More than the flow control lets wait in the connection: a client that could write it all was read for the most part.
        var bytes = new byte[6 << 20];
        Random.Shared.NextBytes(bytes);
        var id = Example.Id();
        await _host.Client.CreateAsync(Example.Creation(id));
        using (var call = _host.Client.Upload())
        {
            await StorageHost.SendAsync(call.RequestStream, id.Value, 0, bytes);
        }

        var size = 0L;
        await Eventually.TrueAsync(async () => (size = (await _host.Client.GetAsync(Get(id))).SizeBytes) > 0, "what came before the cut is stored");

        await _host.UploadAsync(id.Value, size, bytes.AsMemory((int)size));
        var stored = await blobs.Container().GetBlobClient(id.MediaBlob).DownloadContentAsync();
        Assert.Equal(bytes, stored.Value.Content.ToArray());
    }

    [Fact]
    public async Task Seal_WhileTheProcessIsKilled_IsFinishedBySealingAgain()
    {
        for (var round = 0; round < 4; round++)
        {
            var id = Example.Id();
            await _host.Client.CreateAsync(Example.Creation(id));
            await _host.UploadAsync(id.Value, 0, Sample.Bytes);

            var seal = _host.Client.SealAsync(Seal(id)).ResponseAsync;
            await Task.Delay(Random.Shared.Next(0, 120));
            await _host.RestartAsync();
            await Record.ExceptionAsync(() => seal);

            var (_, bytes) = await _host.ReadAsync(LinkTo(await _host.Client.SealAsync(Seal(id))));
            Assert.Equal(await WebmFile.SealAsync(Sample.Bytes), bytes);
        }
    }

    [Theory]
    [InlineData("RecordingLinks", null)]
    [InlineData("RecordingLinks", "too short")]
    [InlineData("RecordingLinks", "changeme-changeme-changeme-changeme")]
    [InlineData("SystemMessages", null)]
    public async Task Start_WithoutAGoodKey_IsRefused(string section, string? key)
    {
        var good = RandomNumberGenerator.GetHexString(48);
        var (exitCode, output) = await StorageHost.RunAsync(blobs.ConnectionString, new Dictionary<string, string?>
        {
            ["RecordingLinks__Key"] = good,
            ["SystemMessages__Key"] = good,
            [$"{section}__Key"] = key,
            ["Logging__LogLevel__Default"] = "Information",
        });

        Assert.NotEqual(0, exitCode);
        Assert.Contains($"{section}__Key", output, StringComparison.Ordinal);
    }

    private static GetRequest Get(RecordingId id) => new() { Id = id.Value, Access = Example.Access };

    private static SealRequest Seal(RecordingId id) => new() { Id = id.Value, Access = Example.Access };

    private static RecordingId Id(string text)
    {
        Assert.True(RecordingId.TryParse(text, out var id));
        return id;
    }

    private async Task<SealResponse> SealedAsync()
    {
        var id = Example.Id();
        await _host.Client.CreateAsync(Example.Creation(id));
        await _host.UploadAsync(id.Value, 0, Sample.Bytes);
        return await _host.Client.SealAsync(Seal(id));
    }

    private static ReadRequest LinkTo(SealResponse answer) => Parse(answer.Link);

    private ReadRequest Signed(RecordingId id, DateTimeOffset at)
    {
        var clock = new Testing.ManualTime(at);
        var options = Options.Create(new LinkOptions { Key = _host.LinkKey });
        return Parse(new DownloadLinks(new StorageKey(options), options, clock).Sign(Example.Recording(id)).Link);
    }

    private static ReadRequest Parse(string link)
    {
        var uri = new Uri(new Uri("http://localhost"), link);
        var query = HttpUtility.ParseQueryString(uri.Query);
        return new ReadRequest
        {
            Id = uri.Segments[4].TrimEnd('/'),
            Expires = long.Parse(query["expires"]!, CultureInfo.InvariantCulture),
            Signature = query["signature"],
        };
    }

    private static ReadRequest With(ReadRequest link, string range, string ifRange = "")
    {
        var request = link.Clone();
        (request.Range, request.IfRange) = (range, ifRange);
        return request;
    }

    private static async Task<RpcException> Refused(StatusCode status, string code, Func<Task> call)
    {
        var refused = await Assert.ThrowsAsync<RpcException>(call);
        Assert.Equal(status, refused.StatusCode);
        Assert.Equal(code, refused.Trailers.GetValue("clearway-code"));
        return refused;
    }
}
