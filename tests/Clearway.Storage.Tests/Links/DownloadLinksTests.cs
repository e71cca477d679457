using System.Text.RegularExpressions;
using Clearway.Storage.Links;
using Clearway.Storage.Recordings;
using Clearway.Testing;
using Microsoft.Extensions.Options;

namespace Clearway.Storage.Tests.Links;

public sealed partial class DownloadLinksTests
{
    private static readonly TenantId Tenant = new("default");

    private readonly ManualTime _time = new();
    private readonly RecordingId _id = Example.Id();
    private readonly DownloadLinks _links;

    public DownloadLinksTests() => _links = With("a key for tests, of 32 bytes or more");

    [Fact]
    public void Check_OfASignedLink_Passes()
    {
        var (expires, signature) = Sign();

        Assert.Null(_links.Check(Tenant, _id, expires, signature));
        Assert.Null(_links.Check(Tenant, _id, expires, signature.ToUpperInvariant()));
    }

    [Fact]
    public void Check_WhenItsTimeIsUp_SaysExpired()
    {
        var (expires, signature) = Sign();

        _time.Advance(TimeSpan.FromDays(7) - TimeSpan.FromMilliseconds(1));
        Assert.Null(_links.Check(Tenant, _id, expires, signature));
        _time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal(Refusal.LinkExpired, _links.Check(Tenant, _id, expires, signature));
    }

    [Fact]
    public void Check_OfAnythingChanged_Refuses()
    {
        var (expires, signature) = Sign();
        var flipped = (signature[0] == '0' ? '1' : '0') + signature[1..];

        Assert.Equal(Refusal.LinkRefused, _links.Check(Tenant, _id, expires + 1, signature));
        Assert.Equal(Refusal.LinkRefused, _links.Check(Tenant, Example.Id(), expires, signature));
        Assert.Equal(Refusal.LinkRefused, _links.Check(new TenantId("defaul"), _id, expires, signature));
        Assert.Equal(Refusal.LinkRefused, _links.Check(null, _id, expires, signature));
        Assert.Equal(Refusal.LinkRefused, _links.Check(Tenant, _id, expires, flipped));
        Assert.Equal(Refusal.LinkRefused, With("another key for tests, of 32 bytes or more").Check(Tenant, _id, expires, signature));
    }

    [Theory]
    [InlineData("")]
    [InlineData("00")]
    [InlineData("zzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz")]
    [InlineData("0000000000000000000000000000000000000000000000000000000000000000")]
    [InlineData("00000000000000000000000000000000000000000000000000000000000000000000")]
    public void Check_OfNoSignature_Refuses(string signature)
    {
        Assert.Equal(Refusal.LinkRefused, _links.Check(Tenant, _id, Sign().Expires, signature));
    }

    private DownloadLinks With(string key) => new(Options.Create(new LinkOptions { Key = key }), _time);

    private (long Expires, string Signature) Sign()
    {
        var match = Link().Match(_links.Sign(Example.Recording(_id)));
        Assert.True(match.Success);
        Assert.Equal(_id.Value, match.Groups["id"].Value);
        return (long.Parse(match.Groups["expires"].ValueSpan, null), match.Groups["signature"].Value);
    }

    [GeneratedRegex("^/api/v1/records/(?<id>[0-9a-z]{26})/file\\?expires=(?<expires>[0-9]+)&signature=(?<signature>[0-9a-f]{64})$")]
    private static partial Regex Link();
}
