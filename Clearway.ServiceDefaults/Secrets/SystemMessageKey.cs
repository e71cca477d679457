using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Clearway.ServiceDefaults;

/// <summary>The key under which services sign what they announce in a room, and by which the gateway knows it; section <c>SystemMessages</c>.</summary>
public sealed class SystemMessageOptions
{
    /// <summary>Key of the HMAC-SHA256; its UTF-8 bytes are used.</summary>
    public string Key { get; set; } = "";
}

/// <summary>Services that sign system messages, or verify them.</summary>
public static class SystemMessageKey
{
    private const string Section = "SystemMessages";
    private const int MinKeyLength = 32;

    /// <summary>Adds <see cref="SystemMessageOptions"/>; the host does not start without the key.</summary>
    /// <param name="builder">The service's host builder.</param>
    /// <returns>The same builder.</returns>
    public static TBuilder AddSystemMessageKey<TBuilder>(this TBuilder builder)
        where TBuilder : IHostApplicationBuilder
    {
        builder.RequireSecret($"{Section}:{nameof(SystemMessageOptions.Key)}", MinKeyLength);
        builder.Services.AddOptions<SystemMessageOptions>().BindConfiguration(Section);
        return builder;
    }
}
