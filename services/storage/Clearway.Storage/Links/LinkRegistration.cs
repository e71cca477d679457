using Clearway.ServiceDefaults;

namespace Clearway.Storage.Links;

/// <summary>Registers download links and system messages.</summary>
internal static class LinkRegistration
{
    private const int MinKeyLength = 32;

    public static void AddLinks(this IHostApplicationBuilder builder)
    {
        builder.RequireSecret(LinkOptions.KeyName, MinKeyLength);
        builder.AddSystemMessageKey();
        builder.Services.AddOptions<LinkOptions>().BindConfiguration(LinkOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        builder.Services.AddSingleton<StorageKey>();
        builder.Services.AddSingleton<DownloadLinks>();
        builder.Services.AddSingleton<UploadKeys>();
        builder.Services.AddSingleton<SystemMessages>();
    }
}
