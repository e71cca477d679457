using Microsoft.Extensions.Configuration;
using Xunit;

namespace Clearway.ServiceDefaults.Tests;

public sealed class ServiceAddressTests
{
    [Fact]
    public void Address_AsAspireWritesIt_IsRead()
    {
        var configuration = Configure("services:auth:grpc:0", "http://localhost:5111");
        Assert.Equal(new Uri("http://localhost:5111"), configuration.GetServiceAddress("auth", "grpc"));
    }

    [Fact]
    public void Address_Missing_SaysWhichVariableToSet()
    {
        var error = Assert.Throws<InvalidOperationException>(() => Configure("a", "b").GetServiceAddress("auth", "grpc"));
        Assert.Contains("services__auth__grpc__0", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("localhost:5111")]
    [InlineData("file:///etc/passwd")]
    [InlineData("/relative")]
    public void Address_NotHttp_IsRefused(string value) =>
        Assert.Throws<InvalidOperationException>(() => Configure("services:auth:grpc:0", value).GetServiceAddress("auth", "grpc"));

    private static IConfiguration Configure(string key, string value) =>
        new ConfigurationBuilder().AddInMemoryCollection([new(key, value)]).Build();
}
