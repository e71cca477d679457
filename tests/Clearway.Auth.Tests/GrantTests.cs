using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using Clearway.Auth.Accounts;
using Clearway.Auth.V1;
using Grpc.Core;
using Grpc.Net.Client;

namespace Clearway.Auth.Tests;

/// <summary>What an API key may do, and what the other services are told of it.</summary>
public sealed class GrantTests : IAsyncLifetime
{
    private const string Secret = "N0t-a-d3fault-but-a-l0ng-random-0ne";

    private AuthHost _host = null!;
    private GrpcChannel _channel = null!;

    private AuthService.AuthServiceClient Auth => new(_channel);

    public async Task InitializeAsync()
    {
        _host = await AuthHost.StartAsync(new()
        {
            ["Auth:ApiKeys:0:Id"] = "usual",
            ["Auth:ApiKeys:0:Secret"] = Secret,
            ["Auth:ApiKeys:0:Tenant"] = "acme",
            ["Auth:ApiKeys:1:Id"] = "reader",
            ["Auth:ApiKeys:1:Secret"] = Secret,
            ["Auth:ApiKeys:1:Tenant"] = "umbrella",
            ["Auth:ApiKeys:1:Grants:0"] = "rooms:read",
            ["Auth:ApiKeys:1:Grants:1"] = "recordings:read",
        });
        _channel = GrpcChannel.ForAddress(_host.GrpcAddress);
    }

    public async Task DisposeAsync()
    {
        _channel.Dispose();
        await _host.DisposeAsync();
    }

    [Theory]
    [InlineData("usual", "acme", "rooms:create,tokens:mint")]
    [InlineData("reader", "umbrella", "rooms:read,recordings:read")]
    public async Task VerifyApiKey_RightKey_TellsWhoseItIsAndItsGrants(string id, string tenant, string grants)
    {
        var answer = await Auth.VerifyApiKeyAsync(new VerifyApiKeyRequest { Credential = Credential(id, Secret), Address = "192.0.2.1" });

        Assert.Equal((id, tenant, grants), (answer.Backend.Id, answer.Backend.Tenant, string.Join(',', answer.Backend.Grants)));
    }

    [Fact]
    public async Task VerifyApiKey_ManyWrongKeysOfOneAddress_AreToldThereAloneToWait()
    {
        for (var attempt = 0; attempt < SignInThrottle.MaxPerAddress; attempt++)
        {
            Assert.Equal("api_key_refused", (await VerifyAsync("wrong", "192.0.2.1")).Refusal.Code);
        }

        var throttled = await VerifyAsync("wrong", "192.0.2.1");
        Assert.Equal("too_many_requests", throttled.Refusal.Code);
        Assert.InRange(throttled.RetryAfterMs, 1, 60_000);
        Assert.Equal("api_key_refused", (await VerifyAsync("wrong", "192.0.2.2")).Refusal.Code);
        Assert.Equal("api_key_refused", (await VerifyAsync("wrong", "")).Refusal.Code);
    }

    [Fact]
    public async Task VerifyApiKey_WrongKeysOfManyAddresses_LockNeitherKeysNorPasswordsOut()
    {
        for (var attempt = 0; attempt < 2 * SignInThrottle.MaxOfAll; attempt++)
        {
            Assert.NotNull((await VerifyAsync("wrong", $"192.0.2.{attempt % 20}")).Refusal);
        }

        Assert.Equal("too_many_requests", (await VerifyAsync("wrong", "198.51.100.1")).Refusal.Code);
        Assert.Equal("usual", (await VerifyAsync(Secret, "198.51.100.1")).Backend.Id);
        Assert.Equal("usual", (await VerifyAsync(Secret, "192.0.2.1")).Backend.Id);
        Assert.NotEmpty(await _host.SignInAsync("Ada"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("!")]
    [InlineData("dXN1YWw6")]
    public async Task VerifyApiKey_WhatIsNoKey_IsRefused(string credential) =>
        Assert.Equal("api_key_refused", (await Auth.VerifyApiKeyAsync(new VerifyApiKeyRequest { Credential = credential })).Refusal.Code);

    [Fact]
    public async Task VerifyApiKey_WhatIsNoAddress_IsAFaultOfTheCaller()
    {
        var failure = await Assert.ThrowsAsync<RpcException>(() => VerifyAsync(Secret, "proxy.example").ResponseAsync);
        Assert.Equal(StatusCode.InvalidArgument, failure.StatusCode);
    }

    [Theory]
    [InlineData("/api/v1/rooms")]
    [InlineData("/api/v1/invitations")]
    [InlineData("/api/v1/tokens")]
    public async Task Request_OfAKeyWithoutTheGrant_IsRefused(string path)
    {
        using var client = _host.Http();
        client.DefaultRequestHeaders.Authorization = new("Basic", Credential("reader", Secret));
        using var answer = await client.PostAsJsonAsync(path, new { title = "Weekly" });

        Assert.Equal(403, (int)answer.StatusCode);
        Assert.Equal("grant_missing", (string?)JsonNode.Parse(await answer.Content.ReadAsStringAsync())!["code"]);
    }

    private static string Credential(string id, string secret) => Convert.ToBase64String(Encoding.UTF8.GetBytes($"{id}:{secret}"));

    private AsyncUnaryCall<VerifyApiKeyResponse> VerifyAsync(string secret, string address) =>
        Auth.VerifyApiKeyAsync(new VerifyApiKeyRequest { Credential = Credential("usual", secret), Address = address });
}
