using System.Net;
using System.Text.RegularExpressions;
using System.Web;
using Clearway.Storage.Links;
using Clearway.Storage.Recordings;
using Clearway.Testing;
using Microsoft.Extensions.Options;

namespace Clearway.Storage.Tests.Links;

public sealed partial class DownloadLinksTests
{
    private readonly ManualTime _time = new();
    private readonly RecordingId _id = Example.Id();
    private readonly DownloadLinks _links;
    private readonly StoredRecording _recording;

    public DownloadLinksTests()
    {
        _links = With("a key for tests, of 32 bytes or more");
        _recording = Example.Recording(_id);
    }

    [Fact]
    public void Check_OfASignedLink_Passes()
    {
        var (expires, signature) = Sign();

        Assert.Null(Check(_recording, _id, expires, signature));
        Assert.Null(Check(_recording, _id, expires, signature.ToUpperInvariant()));
    }

    [Fact]
    public void Check_WhenItsTimeIsUp_SaysExpired()
    {
        var (expires, signature) = Sign();

        _time.Advance(TimeSpan.FromDays(7) - TimeSpan.FromMilliseconds(1));
        Assert.Null(Check(_recording, _id, expires, signature));
        _time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal(Refusal.LinkExpired, Check(_recording, _id, expires, signature));
    }

    [Fact]
    public void Check_OfAnythingChanged_Refuses()
    {
        var (expires, signature) = Sign();
        var flipped = (signature[0] == '0' ? '1' : '0') + signature[1..];

        Assert.Equal(Refusal.LinkRefused, Check(_recording, _id, expires + 1, signature));
        Assert.Equal(Refusal.LinkRefused, Check(_recording, Example.Id(), expires, signature));
        Assert.Equal(Refusal.LinkRefused, Check(_recording with { Tenant = new TenantId("defaul") }, _id, expires, signature));
        Assert.Equal(Refusal.LinkRefused, Check(null, _id, expires, signature));
        Assert.Equal(Refusal.LinkRefused, Check(_recording, _id, expires, flipped));
        Assert.Equal(Refusal.LinkRefused, With("another key for tests, of 32 bytes or more").Check(_recording, _id, new DownloadLink(expires, "", signature), null));
    }

    [Theory]
    [InlineData("")]
    [InlineData("00")]
    [InlineData("zzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz")]
    [InlineData("0000000000000000000000000000000000000000000000000000000000000000")]
    [InlineData("00000000000000000000000000000000000000000000000000000000000000000000")]
    public void Check_OfNoSignature_Refuses(string signature)
    {
        Assert.Equal(Refusal.LinkRefused, Check(_recording, _id, Sign().Expires, signature));
    }

    [Fact]
    public void Check_OfARevokedLink_Refuses()
    {
        var (expires, signature) = Sign();

        Assert.Equal(Refusal.LinkRefused, Check(_recording with { LinkRevision = 1 }, _id, expires, signature));
    }

    [Theory]
    [InlineData("203.0.113.0/24", "203.0.113.7", true)]
    [InlineData("203.0.113.0/24", "::ffff:203.0.113.7", true)]
    [InlineData("203.0.113.0/24", "203.0.114.7", false)]
    [InlineData("203.0.113.0/24", "2001:db8::1", false)]
    [InlineData("2001:db8::/32", "2001:db8:1::1", true)]
    [InlineData("2001:db8::/32", "2001:db9::1", false)]
    [InlineData("203.0.113.0/24", null, false)]
    public void Check_OfALinkForANetwork_LetsOnlyItsAddressesIn(string network, string? address, bool isLetIn)
    {
        var link = _links.Sign(_recording, network: IPNetwork.Parse(network)).Link;
        var query = HttpUtility.ParseQueryString(link[link.IndexOf('?', StringComparison.Ordinal)..]);
        var parsed = new DownloadLink(long.Parse(query["expires"]!, null), query["network"]!, query["signature"]!);
        var from = address is null ? null : IPAddress.Parse(address);

        Assert.Equal(network, parsed.Network);
        Assert.Equal(isLetIn ? null : Refusal.AddressRefused, _links.Check(_recording, _id, parsed, from));
        Assert.Equal(Refusal.LinkRefused, _links.Check(_recording, _id, parsed with { Network = "" }, from));
        Assert.Equal(Refusal.LinkRefused, _links.Check(_recording, _id, parsed with { Network = "0.0.0.0/0" }, from));
    }

    private DownloadLinks With(string key)
    {
        var options = Options.Create(new LinkOptions { Key = key });
        return new DownloadLinks(new StorageKey(options), options, _time);
    }

    private Refusal? Check(StoredRecording? recording, RecordingId id, long expires, string signature) =>
        _links.Check(recording, id, new DownloadLink(expires, "", signature), null);

    private (long Expires, string Signature) Sign()
    {
        var match = Link().Match(_links.Sign(_recording).Link);
        Assert.True(match.Success);
        Assert.Equal(_id.Value, match.Groups["id"].Value);
        return (long.Parse(match.Groups["expires"].ValueSpan, null), match.Groups["signature"].Value);
    }

    [GeneratedRegex("^/api/v1/records/(?<id>[0-9a-z]{26})/file\\?expires=(?<expires>[0-9]+)&signature=(?<signature>[0-9a-f]{64})$")]
    private static partial Regex Link();
}
